import { AppError } from '../errors.ts';
import { layerNames } from './names.ts';
import type { InputSpec, LayerSpec, ModelSpec, TaskSpec } from './spec.ts';
import { outputUnits } from './spec.ts';

/** Layer specs -> names, shapes and weights. The layer table and every engine read the same plan. Shapes are of one item, without the batch. */

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
  name: string;
  spec: LayerSpec;
  input: number[];
  output: number[];
  weights: WeightPlan[];
  /** Its weights stay as they are and it runs in inference mode, also while the others train (freeze.ts). */
  frozen?: boolean;
}

export function inputShape(input: InputSpec): number[] {
  return input.kind === 'image' ? [input.height, input.width, input.channels] : [input.features];
}

/** "2" and [2, 2] alike as [height, width]. */
export function pair(size: number | [number, number]): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

/**
 * Every layer with its shapes and weights, in order. O(layers).
 * Throws AppError `invalid_data` whose items name the layer (`/model/layers/2`) that can't take its input, or an answer of the wrong size when `task` is given.
 */
export function planModel(model: ModelSpec, input: InputSpec, task?: TaskSpec): LayerPlan[] {
  const names = layerNames(model);
  const plan: LayerPlan[] = [];
  let shape = inputShape(input);
  model.layers.forEach((spec, i) => {
    const fail = (message: string) => wrong(`/model/layers/${i}`, `Layer "${names[i]}" ${message}`);
    const layer = planLayer(spec, names[i]!, shape, fail);
    plan.push(layer);
    shape = layer.output;
  });
  if (task) checkAnswer(plan, task);
  return plan;
}

/** The weights of all layers, in order. */
export function plannedWeights(plan: LayerPlan[]): WeightPlan[] {
  return plan.flatMap((layer) => layer.weights);
}

type Fail = (message: string) => AppError;

function planLayer(spec: LayerSpec, name: string, input: number[], fail: Fail): LayerPlan {
  const layer = (output: number[], weights: WeightPlan[] = []): LayerPlan => ({ name, spec, input, output, weights });
  const image = (): [number, number, number] => {
    if (input.length !== 3)
      throw fail(
        `needs an image [height, width, channels] but gets ${input[0]} numbers. Move it before flatten, or use dense.`,
      );
    return input as [number, number, number];
  };
  switch (spec.type) {
    case 'dense': {
      if (input.length !== 1)
        throw fail(
          `needs a vector but gets an image [${input.join(', ')}]. Put flatten or global_average_pool2d before it.`,
        );
      const weights = kernelAndBias(name, [input[0]!, spec.units], input[0]!, spec.units, spec.bias);
      return layer([spec.units], weights);
    }
    case 'conv2d': {
      const [h, w, c] = image();
      const [kh, kw] = pair(spec.kernelSize);
      const out = window([h, w], [kh, kw], pair(spec.strides), spec.padding, fail);
      const weights = kernelAndBias(name, [kh, kw, c, spec.filters], kh * kw * c, kh * kw * spec.filters, spec.bias);
      return layer([...out, spec.filters], weights);
    }
    case 'max_pool2d':
    case 'average_pool2d': {
      const [h, w, c] = image();
      const pool = pair(spec.poolSize);
      return layer([...window([h, w], pool, pair(spec.strides ?? spec.poolSize), spec.padding, fail), c]);
    }
    case 'global_average_pool2d':
      return layer([image()[2]]);
    case 'flatten':
      return layer([input.reduce((a, b) => a * b, 1)]);
    case 'batch_norm': {
      const part = (kind: string, initial: 'zeros' | 'ones', trainable: boolean): WeightPlan => ({
        name: `${name}/${kind}`,
        shape: [input.at(-1)!],
        initial,
        fanIn: 0,
        fanOut: 0,
        trainable,
        penalised: false,
      });
      return layer(input, [
        part('gamma', 'ones', true),
        part('beta', 'zeros', true),
        part('moving_mean', 'zeros', false),
        part('moving_variance', 'ones', false),
      ]);
    }
    case 'dropout':
    case 'activation':
      return layer(input);
  }
}

function kernelAndBias(name: string, shape: number[], fanIn: number, fanOut: number, bias: boolean): WeightPlan[] {
  const kernel: WeightPlan = {
    name: `${name}/kernel`,
    shape,
    initial: 'glorot_uniform',
    fanIn,
    fanOut,
    trainable: true,
    penalised: true,
  };
  if (!bias) return [kernel];
  return [
    kernel,
    {
      name: `${name}/bias`,
      shape: [shape.at(-1)!],
      initial: 'zeros',
      fanIn: 0,
      fanOut: 0,
      trainable: true,
      penalised: false,
    },
  ];
}

/** TensorFlow's padding rules: "same" gives ceil(n / stride), "valid" ceil((n - size + 1) / stride). */
function window(
  input: [number, number],
  size: [number, number],
  strides: [number, number],
  padding: 'valid' | 'same',
  fail: Fail,
): [number, number] {
  const side = (axis: 0 | 1) => {
    if (padding === 'same') return Math.ceil(input[axis] / strides[axis]);
    if (size[axis] > input[axis])
      throw fail(
        `has a window of ${size.join(' x ')} but its input is only ${input.join(' x ')}. Make the window smaller, set padding to "same", or pool less before it.`,
      );
    return Math.ceil((input[axis] - size[axis] + 1) / strides[axis]);
  };
  return [side(0), side(1)];
}

function checkAnswer(plan: LayerPlan[], task: TaskSpec): void {
  const last = plan.at(-1)!;
  const units = outputUnits(task);
  if (last.output.length === 1 && last.output[0] === units) return;
  const what =
    task.kind === 'classification'
      ? `one number for each of the ${units} classes`
      : `the ${units} target${units === 1 ? '' : 's'}`;
  throw wrong(
    `/model/layers/${plan.length - 1}`,
    `The last layer "${last.name}" gives [${last.output.join(', ')}] but the task wants ${what}. End the model with a dense layer of ${units} unit${units === 1 ? '' : 's'}.`,
  );
}

function wrong(path: string, message: string): AppError {
  return new AppError('invalid_data', message, { items: [{ path, message }] });
}
