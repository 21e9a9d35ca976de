import type { LayerPlan } from './plan.ts';
import { inputShape, planModel } from './plan.ts';
import { type InputSpec, type LayerSpec, type ModelSpec, pair, type TaskSpec } from './spec.ts';

/**
 * The layer table, by torchinfo's definitions (github.com/TylerYep/torchinfo, layer_info.py and model_statistics.py), for one batch in float32:
 * mult-adds of a layer = its parameters x the positions that they are applied at x items; forward/backward = 2 x the output of layers with parameters.
 */

const FLOAT = 4;

export interface LayerRow {
  name: string;
  /** e.g. "Conv 3 × 3, ReLU" */
  kind: string;
  type: LayerSpec['type'] | 'input';
  kernel: [number, number] | null;
  /** of one item, channels first as torchinfo prints it: [C, H, W] or [D] */
  output: number[];
  parameters: number;
  /** running statistics of batch norm are not trained */
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

/** O(layers). The first row is the input. Throws what planModel throws. */
export function summarise(model: ModelSpec, input: InputSpec, batchSize: number, task?: TaskSpec): ModelSummary {
  const shape = inputShape(input);
  const inputMemory = batchSize * product(shape) * FLOAT;
  const head: LayerRow = {
    name: 'input',
    kind: input.kind === 'image' ? 'Image' : 'Numbers',
    type: 'input',
    kernel: null,
    output: channelsFirst(shape),
    parameters: 0,
    trainable: 0,
    multAdds: 0,
    memory: inputMemory,
  };
  const rows = planModel(model, input, task).map((layer) => row(layer, batchSize));
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

function row(layer: LayerPlan, batchSize: number): LayerRow {
  const parameters = sum(layer.weights, (w) => product(w.shape));
  const trainable = sum(
    layer.weights.filter((w) => w.trainable),
    (w) => product(w.shape),
  );
  const positions = layer.spec.type === 'conv2d' ? layer.output[0]! * layer.output[1]! : 1;
  return {
    name: layer.name,
    kind: describeLayer(layer.spec),
    type: layer.spec.type,
    kernel: kernelOf(layer.spec),
    output: channelsFirst(layer.output),
    parameters,
    trainable,
    multAdds: trainable * positions * batchSize,
    memory: trainable > 0 ? 2 * product(layer.output) * batchSize * FLOAT : 0,
  };
}

const ACTIVATION_NAMES = {
  linear: '',
  relu: 'ReLU',
  leaky_relu: 'leaky ReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  swish: 'swish',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
} as const;

/** What a person calls the layer: "Conv 3 × 3, ReLU", "Max pool 2", "Dropout 0.3". */
export function describeLayer(spec: LayerSpec): string {
  switch (spec.type) {
    case 'dense':
      return withActivation('Dense', spec.activation);
    case 'conv2d': {
      const [h, w] = pair(spec.kernelSize);
      const stride = side(spec.strides) === '1' ? '' : `, stride ${side(spec.strides)}`;
      return withActivation(`Conv ${h} × ${w}${stride}`, spec.activation);
    }
    case 'max_pool2d':
      return `Max pool ${side(spec.poolSize)}`;
    case 'average_pool2d':
      return `Average pool ${side(spec.poolSize)}`;
    case 'global_average_pool2d':
      return 'Global average pool';
    case 'flatten':
      return 'Flatten';
    case 'dropout':
      return `Dropout ${spec.rate}`;
    case 'batch_norm':
      return 'Batch norm';
    case 'activation':
      return ACTIVATION_NAMES[spec.activation] || 'Linear';
    case 'add':
      return 'Add';
    case 'concatenate':
      return 'Concatenate';
    case 'residual':
      return withActivation('Residual', spec.activation);
  }
}

function withActivation(what: string, activation: keyof typeof ACTIVATION_NAMES): string {
  const name = ACTIVATION_NAMES[activation];
  return name ? `${what}, ${name}` : what;
}

function kernelOf(spec: LayerSpec): [number, number] | null {
  if (spec.type === 'conv2d') return pair(spec.kernelSize);
  return 'poolSize' in spec ? pair(spec.poolSize) : null;
}

function side(size: number | [number, number]): string {
  const [h, w] = pair(size);
  return h === w ? String(h) : `${h} × ${w}`;
}

function channelsFirst(shape: number[]): number[] {
  return shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
