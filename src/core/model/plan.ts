import { AppError } from '../errors.ts';
import { INPUT, layerNames } from './names.ts';
import { type Fail, planLayer, planShortcut } from './plan-layer.ts';
import type { InputSpec, LayerSpec, ModelSpec, ResidualSpec, TaskSpec } from './spec.ts';
import { outputUnits } from './spec.ts';

/**
 * Layer specs -> a flat list of layers with names, inputs, shapes and weights, each after what it reads.
 * A residual block stands in it as its body's layers ("block1/conv1"), its shortcut's where it has weights ("block1/shortcut"),
 * and itself: the sum of both and the activation. The layer table and every engine read the same plan. Shapes are of one item, without the batch.
 */

export interface WeightPlan {
  /** "conv1/kernel" */
  name: string;
  shape: number[];
  initial: 'glorot_uniform' | 'zeros' | 'ones';
  /** Inputs and outputs of one unit (Glorot and Bengio 2010); 0 where the initial value needs none. */
  fanIn: number;
  fanOut: number;
  /** False for batch norm's running statistics, and in frozen layers. */
  trainable: boolean;
  /** L2 counts kernels alone: no biases, no norms. */
  penalised: boolean;
}

export interface LayerPlan {
  /** "conv1"; in a residual block "block1/conv1" */
  name: string;
  spec: LayerSpec;
  /** Where it stands in the configuration, e.g. "/model/layers/2" */
  path: string;
  /** Names of the layers that it reads, or "input" for the model's input. A residual block reads its body's last layer and its shortcut. */
  inputs: string[];
  /** Shape of the first input. */
  input: number[];
  output: number[];
  weights: WeightPlan[];
  /** Its weights stay as they are and it runs in inference mode, also while the others train (freeze.ts). */
  frozen?: boolean;
}

export function inputShape(input: InputSpec): number[] {
  return input.kind === 'image' ? [input.height, input.width, input.channels] : [input.features];
}

/**
 * Every layer in order. O(layers).
 * Throws AppError `invalid_data` whose items name the layer (`/model/layers/2`) that can't take its input, or an answer of the wrong size when `task` is given.
 */
export function planModel(model: ModelSpec, input: InputSpec, task?: TaskSpec): LayerPlan[] {
  const plan: LayerPlan[] = [];
  const names = layerNames(model);
  planList(plan, model.layers, names, { path: '/model/layers', prefix: '' }, { name: INPUT, shape: inputShape(input) });
  if (task) checkAnswer(plan.at(-1)!, task);
  return plan;
}

/** The weights of all layers, in order. */
export function plannedWeights(plan: LayerPlan[]): WeightPlan[] {
  return plan.flatMap((layer) => layer.weights);
}

/** What a layer gives, under the name that the plan knows it by. */
interface Source {
  name: string;
  shape: number[];
}
interface Place {
  path: string;
  /** of names: "" or "block1/" */
  prefix: string;
}

/** Appends the layers of the model, or of one block, to the plan; gives what the last one gives. */
function planList(
  plan: LayerPlan[],
  layers: readonly LayerSpec[],
  names: readonly string[],
  { path, prefix }: Place,
  entry: Source,
): Source {
  const known = new Map<string, Source>([[INPUT, entry]]);
  const unused = new Map<string, number>();
  layers.forEach((spec, i) => {
    const name = names[i]!;
    const at = `${path}/${i}`;
    const fail: Fail = (message) => wrong(at, `Layer "${prefix}${name}" ${message}`);
    const wanted = spec.inputs ?? [i === 0 ? INPUT : names[i - 1]!];
    const sources = wanted.map((source) => known.get(source) ?? missing(source, names, [...known.keys()], fail));
    checkNumber(spec, sources.length, fail);
    const full = prefix + name;
    const shape =
      spec.type === 'residual'
        ? planBlock(plan, spec, full, at, sources[0]!, fail)
        : append(plan, { name: full, spec, path: at }, sources, fail);
    for (const source of wanted) unused.delete(source);
    known.set(name, { name: full, shape });
    unused.set(name, i);
  });
  unused.delete(names.at(-1)!);
  for (const [name, i] of unused) {
    const message = `No later layer reads layer "${prefix}${name}". Name it in another layer's "inputs", or take it out.`;
    throw wrong(`${path}/${i}`, message);
  }
  return known.get(names.at(-1)!)!;
}

function append(
  plan: LayerPlan[],
  layer: Pick<LayerPlan, 'name' | 'spec' | 'path'>,
  sources: readonly Source[],
  fail: Fail,
): number[] {
  const { output, weights } = planLayer(layer.spec, layer.name, sources, fail);
  plan.push({ ...layer, inputs: sources.map((s) => s.name), input: sources[0]!.shape, output, weights });
  return output;
}

function planBlock(
  plan: LayerPlan[],
  spec: ResidualSpec,
  name: string,
  path: string,
  entry: Source,
  fail: Fail,
): number[] {
  const at = { path: `${path}/layers`, prefix: `${name}/` };
  const body = planList(plan, spec.layers, layerNames(spec, at.path, true), at, entry);
  let shortcut = entry;
  for (const [part, layer] of Object.entries(planShortcut(spec, entry.shape, body.shape, fail))) {
    const full = `${name}/${part}`;
    shortcut = { name: full, shape: append(plan, { name: full, spec: layer, path }, [shortcut], fail) };
  }
  return append(plan, { name, spec, path }, [body, shortcut], fail);
}

function missing(source: string, names: readonly string[], known: string[], fail: Fail): never {
  if (names.includes(source))
    throw fail(`reads "${source}", which does not come before it. Move it behind that layer.`);
  throw fail(`reads "${source}", but no layer before it has that name. There are: ${known.join(', ')}.`);
}

function checkNumber(spec: LayerSpec, inputs: number, fail: Fail): void {
  const joins = spec.type === 'add' || spec.type === 'concatenate';
  if (joins && inputs < 2)
    throw fail(`joins at least two layers but reads one. Name them, such as "inputs": ["conv1", "conv2"].`);
  if (!joins && inputs > 1) throw fail(`takes one input but names ${inputs}. Join them by add or concatenate first.`);
}

function checkAnswer(last: LayerPlan, task: TaskSpec): void {
  const units = outputUnits(task);
  if (last.output.length === 1 && last.output[0] === units) return;
  const what =
    task.kind === 'classification'
      ? `one number for each of the ${units} classes`
      : `the ${units} target${units === 1 ? '' : 's'}`;
  throw wrong(
    last.path,
    `The last layer "${last.name}" gives [${last.output.join(', ')}] but the task wants ${what}. End the model with a dense layer of ${units} unit${units === 1 ? '' : 's'}.`,
  );
}

function wrong(path: string, message: string): AppError {
  return new AppError('invalid_data', message, { items: [{ path, message }] });
}
