import type { LayerPlan } from '#core/model/plan.ts';
import { type Activation, type LayerSpec, pair, sides } from '#core/model/spec.ts';

/** Keras 3 and TensorFlow.js share layers and their settings, but for these names. */
export type Dialect = 'keras' | 'tfjs';

export interface KerasLayer {
  class: string;
  /** Keras forbids "/" in names: "block1.conv1" */
  name: string;
  config: Readonly<Record<string, unknown>>;
  /** names of Keras layers */
  inputs: readonly string[];
  /** Holdout's names of its weights, in Keras's order */
  weights: readonly string[];
  /** of one item */
  output: readonly number[];
}

interface Described {
  class: string;
  config?: Record<string, unknown>;
  /** a layer's activation that it can't hold itself follows as a layer of its own */
  next?: Described | undefined;
}
type Describe<T extends LayerSpec['type']> = (
  layer: LayerPlan & { spec: Extract<LayerSpec, { type: T }> },
  dialect: Dialect,
) => Described;

const LAST = { data_format: 'channels_last' };

/** The Keras layer for each type of layer; a type that stands not here can't be held by the formats. */
export const KERAS_LAYERS: { [T in LayerSpec['type']]?: Describe<T> } = {
  dense: ({ spec }, dialect) => ({
    class: 'Dense',
    config: { units: spec.units, use_bias: spec.bias, ...inside(spec.activation) },
    next: after(spec.activation, dialect),
  }),
  conv2d: ({ spec }, dialect) => convolution('Conv2D', spec, dialect, { filters: spec.filters }),
  depthwise_conv2d: ({ spec }, dialect) =>
    convolution('DepthwiseConv2D', spec, dialect, { depth_multiplier: spec.depthMultiplier }),
  separable_conv2d: ({ spec }, dialect) =>
    convolution('SeparableConv2D', spec, dialect, { filters: spec.filters, depth_multiplier: spec.depthMultiplier }),
  conv2d_transpose: ({ spec }, dialect) => convolution('Conv2DTranspose', spec, dialect, { filters: spec.filters }),
  max_pool2d: ({ spec }) => ({ class: 'MaxPooling2D', config: pool(spec) }),
  average_pool2d: ({ spec }) => ({ class: 'AveragePooling2D', config: pool(spec) }),
  global_average_pool2d: () => ({ class: 'GlobalAveragePooling2D', config: LAST }),
  global_max_pool2d: () => ({ class: 'GlobalMaxPooling2D', config: LAST }),
  reshape: ({ spec }) => ({ class: 'Reshape', config: { target_shape: spec.shape } }),
  zero_padding2d: ({ spec }) => ({ class: 'ZeroPadding2D', config: { padding: sides(spec.padding), ...LAST } }),
  cropping2d: ({ spec }) => ({ class: 'Cropping2D', config: { cropping: sides(spec.cropping), ...LAST } }),
  upsampling2d: ({ spec }) => ({
    class: 'UpSampling2D',
    config: { size: pair(spec.size), interpolation: spec.interpolation, ...LAST },
  }),
  layer_norm: ({ spec }) => ({ class: 'LayerNormalization', config: { axis: -1, epsilon: spec.epsilon } }),
  // TensorFlow.js has none for images; what it does in inference, nothing, is the same.
  spatial_dropout: ({ spec }, dialect) => ({
    class: dialect === 'keras' ? 'SpatialDropout2D' : 'Dropout',
    config: { rate: spec.rate, ...(dialect === 'keras' ? LAST : {}) },
  }),
  gaussian_noise: ({ spec }) => ({ class: 'GaussianNoise', config: { stddev: spec.stddev } }),
  flatten: () => ({ class: 'Flatten', config: LAST }),
  batch_norm: ({ spec }) => ({
    class: 'BatchNormalization',
    config: { axis: -1, momentum: spec.momentum, epsilon: spec.epsilon, center: true, scale: true },
  }),
  dropout: ({ spec }) => ({ class: 'Dropout', config: { rate: spec.rate } }),
  activation: ({ spec }, dialect) => activation(spec.activation, dialect),
  add: () => ({ class: 'Add' }),
  concatenate: () => ({ class: 'Concatenate', config: { axis: -1 } }),
  residual: ({ spec }, dialect) => ({
    class: 'Add',
    next: spec.activation === 'linear' ? undefined : activation(spec.activation, dialect),
  }),
};

/** The model as Keras layers, in the plan's order, after an InputLayer named "input". */
export function kerasLayers(plan: readonly LayerPlan[], dialect: Dialect): KerasLayer[] {
  const layers: KerasLayer[] = [];
  /** the Keras layer that gives what a layer gives */
  const gives = new Map([['input', 'input']]);
  for (const layer of plan) {
    const toKeras = KERAS_LAYERS[layer.spec.type] as (layer: LayerPlan, dialect: Dialect) => Described;
    const name = layer.name.replaceAll('/', '.');
    const { class: kind, config = {}, next } = toKeras(layer, dialect);
    const inputs = layer.inputs.map((input) => gives.get(input)!);
    const weights = layer.weights.map((weight) => weight.name);
    layers.push({ class: kind, name, config, inputs, weights, output: layer.output });
    if (next) {
      const own = { class: next.class, name: `${name}.activation`, config: next.config ?? {} };
      layers.push({ ...own, inputs: [name], weights: [], output: layer.output });
    }
    gives.set(layer.name, next ? `${name}.activation` : name);
  }
  return layers;
}

type Sized = number | [number, number];
interface Convolution {
  kernelSize: Sized;
  strides: Sized;
  padding: string;
  bias: boolean;
  activation: Activation;
}

function convolution(kind: string, spec: Convolution, dialect: Dialect, more: Record<string, unknown>): Described {
  const config = {
    ...more,
    kernel_size: pair(spec.kernelSize),
    strides: pair(spec.strides),
    padding: spec.padding,
    use_bias: spec.bias,
    ...LAST,
    ...inside(spec.activation),
  };
  return { class: kind, config, next: after(spec.activation, dialect) };
}

function pool(spec: Extract<LayerSpec, { type: 'max_pool2d' | 'average_pool2d' }>): Record<string, unknown> {
  const { poolSize, strides = poolSize, padding } = spec;
  return { pool_size: pair(poolSize), strides: pair(strides), padding, ...LAST };
}

/** Keras's own leaky relu has another slope, so ours is a layer; every other activation goes by the same name. */
function inside(kind: Activation): { activation: string } {
  return { activation: kind === 'leaky_relu' ? 'linear' : kind };
}

function after(kind: Activation, dialect: Dialect): Described | undefined {
  return kind === 'leaky_relu' ? activation(kind, dialect) : undefined;
}

export function activation(kind: Activation, dialect: Dialect): Described {
  if (kind !== 'leaky_relu') return { class: 'Activation', config: { activation: kind } };
  return { class: 'LeakyReLU', config: { [dialect === 'keras' ? 'negative_slope' : 'alpha']: 0.01 } };
}

/** TensorFlow.js interpolates between corners of pixels, Keras and Holdout between their centres. */
export function tfjsCannot({ spec }: LayerPlan): boolean {
  return spec.type === 'upsampling2d' && spec.interpolation === 'bilinear';
}
