import { describeLayer, kernelOf } from './describe.ts';
import { layersUpTo } from './freeze.ts';
import { blockOf, channelsFirst, layerModules } from './modules.ts';
import type { LayerPlan } from './plan.ts';
import { inputShape, planModel } from './plan.ts';
import type { InputSpec, LayerSpec, ModelSpec, TaskSpec } from './spec.ts';

/**
 * The layer table, by torchinfo's definitions (github.com/TylerYep/torchinfo, layer_info.py and model_statistics.py), for one batch in float32:
 * mult-adds of a layer = its parameters x the positions that they are applied at x items; forward/backward = 2 x the output of layers with parameters.
 */

const FLOAT = 4;

export interface LayerRow {
  /** "conv1"; in a residual block "block1/conv1" */
  name: string;
  /** e.g. "Conv 3 × 3, ReLU" */
  kind: string;
  type: LayerSpec['type'] | 'input';
  /** 1 inside of a residual block, else 0 */
  depth: number;
  /** names of the rows that it reads */
  inputs: string[];
  kernel: [number, number] | null;
  /** of one item, channels first as torchinfo prints it: [C, H, W] or [D] */
  output: number[];
  /** a block's are those of the rows inside of it, and not counted again here */
  parameters: number;
  /** running statistics of batch norm are not trained, nor are frozen layers */
  trainable: number;
  /** of the whole batch */
  multAdds: number;
  /** bytes of the output, forward and backward, of the whole batch */
  memory: number;
}

export interface ModelSummary {
  batchSize: number;
  rows: LayerRow[];
  parameters: number;
  trainable: number;
  multAdds: number;
  /** bytes */
  inputMemory: number;
  forwardBackwardMemory: number;
  parameterMemory: number;
  totalMemory: number;
}

/**
 * O(layers). The first row is the input; a residual block stands before what it holds. Throws what planModel throws.
 * @param freezeUpTo the last layer that is frozen
 */
export function summarise(
  model: ModelSpec,
  input: InputSpec,
  batchSize: number,
  task?: TaskSpec,
  freezeUpTo: string | null = null,
): ModelSummary {
  const shape = inputShape(input);
  const inputMemory = batchSize * product(shape) * FLOAT;
  const head: LayerRow = {
    name: 'input',
    kind: input.kind === 'image' ? 'Image' : 'Numbers',
    type: 'input',
    depth: 0,
    inputs: [],
    kernel: null,
    output: channelsFirst(shape),
    parameters: 0,
    trainable: 0,
    multAdds: 0,
    memory: inputMemory,
  };
  const plan = planModel(model, input, task);
  const frozen = new Set(layersUpTo(plan, freezeUpTo));
  const rows = blocksFirst(plan.map((layer) => row(layer, batchSize, frozen.has(layer.name))));
  const parameters = sum(rows, (r) => r.parameters);
  const forwardBackwardMemory = sum(rows, (r) => r.memory);
  return {
    batchSize,
    rows: [head, ...rows],
    parameters,
    trainable: sum(rows, (r) => r.trainable),
    multAdds: sum(rows, (r) => r.multAdds),
    inputMemory,
    forwardBackwardMemory,
    parameterMemory: parameters * FLOAT,
    totalMemory: inputMemory + forwardBackwardMemory + parameters * FLOAT,
  };
}

function row(layer: LayerPlan, batchSize: number, frozen: boolean): LayerRow {
  const modules = layerModules(layer, batchSize);
  return {
    name: layer.name,
    kind: describeLayer(layer.spec),
    type: layer.spec.type,
    depth: blockOf(layer) === undefined ? 0 : 1,
    inputs: layer.inputs,
    kernel: kernelOf(layer.spec),
    output: channelsFirst(layer.output),
    parameters: sum(layer.weights, (w) => product(w.shape)),
    trainable: sum(
      layer.weights.filter((w) => w.trainable && !frozen),
      (w) => product(w.shape),
    ),
    multAdds: sum(modules, (m) => m.multAdds),
    memory: sum(modules, (m) => (m.parameters > 0 ? 2 * product(m.output) * FLOAT : 0)),
  };
}

/** In the plan a block stands behind what it sums up; in the table before it, as torchinfo's tree has it. */
function blocksFirst(rows: readonly LayerRow[]): LayerRow[] {
  const ordered: LayerRow[] = [];
  let start = 0;
  for (const each of rows) {
    if (each.type === 'residual') ordered.splice(start, 0, each);
    else ordered.push(each);
    if (each.depth === 0) start = ordered.length;
  }
  return ordered;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
