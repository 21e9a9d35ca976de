import type { AppError } from '../errors.ts';
import type { WeightPlan } from './plan.ts';
import { type BodyLayerSpec, bodyLayerSchema, type LayerSpec, pair, type ResidualSpec, sides } from './spec.ts';

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
      const fans = { fanIn: input[0]!, fanOut: spec.units };
      return layer(
        [spec.units],
        [kernel(`${name}/kernel`, [input[0]!, spec.units], fans), ...biasOf(spec, name, spec.units)],
      );
    }
    case 'conv2d': {
      const [h, w, c] = image();
      const [kh, kw] = pair(spec.kernelSize);
      const out = window([h, w], [kh, kw], pair(spec.strides), spec.padding, fail);
      const fans = { fanIn: kh * kw * c, fanOut: kh * kw * spec.filters };
      return layer(
        [...out, spec.filters],
        [kernel(`${name}/kernel`, [kh, kw, c, spec.filters], fans), ...biasOf(spec, name, spec.filters)],
      );
    }
    case 'depthwise_conv2d':
    case 'separable_conv2d': {
      const [h, w, c] = image();
      const [kh, kw] = pair(spec.kernelSize);
      const many = spec.depthMultiplier;
      const out = window([h, w], [kh, kw], pair(spec.strides), spec.padding, fail);
      const fans = { fanIn: kh * kw, fanOut: kh * kw * many };
      if (spec.type === 'depthwise_conv2d') {
        const weights = [kernel(`${name}/kernel`, [kh, kw, c, many], fans), ...biasOf(spec, name, c * many)];
        return layer([...out, c * many], weights);
      }
      return layer(
        [...out, spec.filters],
        [
          kernel(`${name}/depthwise_kernel`, [kh, kw, c, many], fans),
          kernel(`${name}/pointwise_kernel`, [1, 1, c * many, spec.filters], { fanIn: c * many, fanOut: spec.filters }),
          ...biasOf(spec, name, spec.filters),
        ],
      );
    }
    case 'conv2d_transpose': {
      const [h, w, c] = image();
      const [kh, kw] = pair(spec.kernelSize);
      const strides = pair(spec.strides);
      const side = (n: number, size: number, stride: number) =>
        n * stride + (spec.padding === 'same' ? 0 : Math.max(0, size - stride));
      const fans = { fanIn: kh * kw * c, fanOut: kh * kw * spec.filters };
      return layer(
        [side(h, kh, strides[0]), side(w, kw, strides[1]), spec.filters],
        [kernel(`${name}/kernel`, [kh, kw, spec.filters, c], fans), ...biasOf(spec, name, spec.filters)],
      );
    }
    case 'max_pool2d':
    case 'average_pool2d': {
      const [h, w, c] = image();
      const pool = pair(spec.poolSize);
      return layer([...window([h, w], pool, pair(spec.strides ?? spec.poolSize), spec.padding, fail), c]);
    }
    case 'global_average_pool2d':
    case 'global_max_pool2d':
      return layer([image()[2]]);
    case 'flatten':
      return layer([product(input)]);
    case 'batch_norm':
      return layer(input, [
        vector(`${name}/gamma`, input.at(-1)!, 'ones'),
        vector(`${name}/beta`, input.at(-1)!),
        { ...vector(`${name}/moving_mean`, input.at(-1)!), trainable: false },
        { ...vector(`${name}/moving_variance`, input.at(-1)!, 'ones'), trainable: false },
      ]);
    case 'layer_norm':
      return layer(input, [vector(`${name}/gamma`, input.at(-1)!, 'ones'), vector(`${name}/beta`, input.at(-1)!)]);
    case 'reshape': {
      const [wanted, got] = [product(spec.shape), product(input)];
      if (wanted !== got)
        throw fail(
          `makes [${spec.shape.join(', ')}], ${wanted} numbers, of [${input.join(', ')}], which are ${got}. Give a shape of ${got} numbers.`,
        );
      return layer([...spec.shape]);
    }
    case 'zero_padding2d': {
      const [h, w, c] = image();
      const [[top, bottom], [left, right]] = sides(spec.padding);
      return layer([h + top + bottom, w + left + right, c]);
    }
    case 'cropping2d': {
      const [h, w, c] = image();
      const [[top, bottom], [left, right]] = sides(spec.cropping);
      const output = [h - top - bottom, w - left - right, c];
      if (output.some((side) => side < 1))
        throw fail(
          `crops ${top + bottom} rows and ${left + right} columns but its input is only ${h} x ${w}. Crop less.`,
        );
      return layer(output);
    }
    case 'upsampling2d': {
      const [h, w, c] = image();
      const [rows, columns] = pair(spec.size);
      return layer([h * rows, w * columns, c]);
    }
    case 'spatial_dropout':
      return layer(image());
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
    case 'gaussian_noise':
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

function kernel(name: string, shape: number[], fans: { fanIn: number; fanOut: number }): WeightPlan {
  return { name, shape, initial: 'glorot_uniform', ...fans, trainable: true, penalised: true };
}

function biasOf({ bias }: { bias: boolean }, name: string, size: number): WeightPlan[] {
  return bias ? [vector(`${name}/bias`, size)] : [];
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

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
