import type { AppError } from '../errors.ts';
import type { WeightPlan } from './plan.ts';
import { type BodyLayerSpec, bodyLayerSchema, type LayerSpec, pair, type ResidualSpec } from './spec.ts';

/** One layer on its own: what it makes of its inputs' shapes, and the weights that it needs for that. */

/** An error about the layer; `message` goes on after its name. */
export type Fail = (message: string) => AppError;

export interface Input {
  name: string;
  /** [H, W, C] or [D] */
  shape: number[];
}

/** Throws what `fail` makes when the layer can't take its inputs. */
export function planLayer(
  spec: LayerSpec,
  name: string,
  inputs: readonly Input[],
  fail: Fail,
): { output: number[]; weights: WeightPlan[] } {
  const input = inputs[0]!.shape;
  const layer = (output: number[], weights: WeightPlan[] = []) => ({ output, weights });
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
    case 'batch_norm':
      return layer(input, [
        vector(`${name}/gamma`, input.at(-1)!, 'ones'),
        vector(`${name}/beta`, input.at(-1)!),
        { ...vector(`${name}/moving_mean`, input.at(-1)!), trainable: false },
        { ...vector(`${name}/moving_variance`, input.at(-1)!, 'ones'), trainable: false },
      ]);
    case 'add': {
      const other = inputs.find(({ shape }) => shape.join() !== input.join());
      if (other)
        throw fail(
          `adds [${input.join(', ')}] of "${inputs[0]!.name}" and [${other.shape.join(', ')}] of "${other.name}". Make the shapes equal, by a 1 x 1 convolution or strides on one way, or use a residual block, which does it by itself.`,
        );
      return layer(input);
    }
    case 'concatenate': {
      const other = inputs.find(({ shape }) => shape.slice(0, -1).join() !== input.slice(0, -1).join());
      if (other)
        throw fail(
          `puts [${input.join(', ')}] of "${inputs[0]!.name}" and [${other.shape.join(', ')}] of "${other.name}" side by side. Height and width must be equal: pool, crop or upsample one of them, or flatten both.`,
        );
      return layer([...input.slice(0, -1), inputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0)]);
    }
    case 'dropout':
    case 'activation':
    case 'residual':
      return layer(input);
  }
}

/** The layers by which a block's input gets the shape of its body's output, by name; none where it has it. */
export function planShortcut(
  block: ResidualSpec,
  input: readonly number[],
  output: readonly number[],
  fail: Fail,
): Record<string, BodyLayerSpec> {
  if (input.join() === output.join()) return {};
  const refuse = (mend: string) =>
    fail(`adds [${input.join(', ')}] and its body's [${output.join(', ')}], which no shortcut joins. ${mend}`);
  const norm = block.layers.find((layer) => layer.type === 'batch_norm');
  const layers: Record<string, BodyLayerSpec> = {};
  if (input.length === 1 && output.length === 1) {
    layers.shortcut = bodyLayerSchema.parse({ type: 'dense', units: output[0], bias: !norm });
  } else if (input.length === 3 && output.length === 3) {
    const strides = [0, 1].map((axis) => strideBetween(input[axis]!, output[axis]!));
    if (strides.some((stride) => stride === undefined))
      throw refuse('Set padding to "same" in its convolutions, so that only strides change height and width.');
    layers.shortcut = bodyLayerSchema.parse({
      type: 'conv2d',
      filters: output[2],
      kernelSize: 1,
      strides,
      bias: !norm,
    });
  } else throw refuse('Let the body keep images images and vectors vectors: no flatten or global pooling in it.');
  if (norm) layers.shortcut_norm = { type: 'batch_norm', momentum: norm.momentum, epsilon: norm.epsilon };
  return layers;
}

/** The smallest stride by which a 1 x 1 window makes `to` places of `from`. */
function strideBetween(from: number, to: number): number | undefined {
  const stride = Math.ceil(from / to);
  return Math.ceil(from / stride) === to ? stride : undefined;
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
  return bias ? [kernel, vector(`${name}/bias`, shape.at(-1)!)] : [kernel];
}

/** A bias, or a number of a norm, for each channel. */
function vector(name: string, size: number, initial: 'zeros' | 'ones' = 'zeros'): WeightPlan {
  return { name, shape: [size], initial, fanIn: 0, fanOut: 0, trainable: true, penalised: false };
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
