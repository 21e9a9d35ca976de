import { z } from 'zod';

/** The JSON of a model: what a person edits, what a run stores, what the engine builds. */

export const ACTIVATIONS = [
  'linear',
  'relu',
  'leaky_relu',
  'elu',
  'selu',
  'gelu',
  'swish',
  'tanh',
  'sigmoid',
  'softmax',
] as const;
export const activationSchema = z.enum(ACTIVATIONS);
export type Activation = z.infer<typeof activationSchema>;

const positiveInt = z.int().min(1).max(65_536);
const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'use a lower-case name of letters, digits and _, such as conv1');
const common = {
  name: nameSchema.optional(),
  /** Names of earlier layers; "input" is the model's input (inside a residual block: the block's). Left out: the layer before. */
  inputs: z.array(nameSchema).min(1).max(16).optional(),
};
const activation = activationSchema.default('linear');
const bias = z.boolean().default(true);
const padding = z.enum(['valid', 'same']).default('valid');
/** One number for a square, or [height, width]. */
const size2d = z.union([positiveInt, z.tuple([positiveInt, positiveInt])]);
const rate = z.number().min(0).lt(1);
const margin = z.int().min(0).max(1024);
/** One number for all four sides, [rows, columns], or [[top, bottom], [left, right]]. */
const margins = z.union([
  margin,
  z.tuple([margin, margin]),
  z.tuple([z.tuple([margin, margin]), z.tuple([margin, margin])]),
]);
export type Margins = z.infer<typeof margins>;
const convolution = { kernelSize: size2d, strides: size2d.default(1), padding, activation, bias };
/** TensorFlow's depthwise kernels have one stride for both directions. */
const depthwise = {
  ...convolution,
  strides: positiveInt.default(1),
  depthMultiplier: z.int().min(1).max(64).default(1),
};
const pool = { poolSize: size2d.default(2), strides: size2d.optional(), padding };

export const bodyLayerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dense'), ...common, units: positiveInt, activation, bias }),
  z.strictObject({ type: z.literal('conv2d'), ...common, filters: positiveInt, ...convolution }),
  /** Each channel with kernels of its own: `depthMultiplier` outputs a channel. */
  z.strictObject({ type: z.literal('depthwise_conv2d'), ...common, ...depthwise }),
  /** A depthwise convolution without bias, then a 1 x 1 convolution (Chollet 2017). */
  z.strictObject({ type: z.literal('separable_conv2d'), ...common, filters: positiveInt, ...depthwise }),
  /** Grows: "same" gives stride times height and width, "valid" what the kernel overhangs in addition. */
  z.strictObject({ type: z.literal('conv2d_transpose'), ...common, filters: positiveInt, ...convolution }),
  z.strictObject({ type: z.literal('max_pool2d'), ...common, ...pool }),
  z.strictObject({ type: z.literal('average_pool2d'), ...common, ...pool }),
  z.strictObject({ type: z.literal('global_average_pool2d'), ...common }),
  z.strictObject({ type: z.literal('global_max_pool2d'), ...common }),
  z.strictObject({ type: z.literal('flatten'), ...common }),
  /** [height, width, channels] or [features], of as many numbers as come in. */
  z.strictObject({
    type: z.literal('reshape'),
    ...common,
    shape: z.union([z.tuple([positiveInt, positiveInt, positiveInt]), z.tuple([positiveInt])]),
  }),
  z.strictObject({ type: z.literal('zero_padding2d'), ...common, padding: margins }),
  z.strictObject({ type: z.literal('cropping2d'), ...common, cropping: margins }),
  z.strictObject({
    type: z.literal('upsampling2d'),
    ...common,
    size: size2d.default(2),
    interpolation: z.enum(['nearest', 'bilinear']).default('nearest'),
  }),
  z.strictObject({ type: z.literal('dropout'), ...common, rate }),
  /** Drops whole channels (Tompson et al. 2015). */
  z.strictObject({ type: z.literal('spatial_dropout'), ...common, rate }),
  /** Adds normal noise in training. */
  z.strictObject({ type: z.literal('gaussian_noise'), ...common, stddev: z.number().min(0).max(100) }),
  /** Running statistics: new = momentum * old + (1 - momentum) * batch (Ioffe and Szegedy 2015, Keras's convention). */
  z.strictObject({
    type: z.literal('batch_norm'),
    ...common,
    momentum: z.number().min(0).lt(1).default(0.9),
    epsilon: z.number().positive().default(1e-5),
  }),
  /** Over the channels of each item and place, as in Keras and ConvNeXt (Ba et al. 2016). */
  z.strictObject({ type: z.literal('layer_norm'), ...common, epsilon: z.number().positive().default(1e-5) }),
  z.strictObject({ type: z.literal('activation'), ...common, activation: activationSchema }),
  /** The sum of inputs of one shape. */
  z.strictObject({ type: z.literal('add'), ...common }),
  /** Inputs side by side along the channels, or along the features of vectors. */
  z.strictObject({ type: z.literal('concatenate'), ...common }),
]);
/** Any layer but a residual block. */
export type BodyLayerSpec = z.infer<typeof bodyLayerSchema>;

/**
 * activation(body(x) + shortcut(x)) (He et al. 2016). The shortcut is x itself where the body keeps its shape,
 * else a 1 x 1 convolution of x (of a vector: a dense layer), with batch norm where the body has one.
 */
const residualSchema = z.strictObject({
  type: z.literal('residual'),
  ...common,
  layers: z.array(bodyLayerSchema).min(1).max(64),
  activation,
});
export type ResidualSpec = z.infer<typeof residualSchema>;

export const layerSchema = z.discriminatedUnion('type', [...bodyLayerSchema.options, residualSchema]);
export type LayerSpec = z.infer<typeof layerSchema>;
export const LAYER_TYPES = layerSchema.options.map((option) => option.shape.type.value);

/** Layers in an order in which each comes after what it reads. The last one's output is the answer. */
export const modelSchema = z.strictObject({ layers: z.array(layerSchema).min(1).max(256) });
export type ModelSpec = z.infer<typeof modelSchema>;

/** Every layer, those inside of residual blocks in the block's place. O(layers). */
export function leafLayers(model: ModelSpec): BodyLayerSpec[] {
  return model.layers.flatMap((layer) => (layer.type === 'residual' ? layer.layers : [layer]));
}

/** What one item looks like to the model. Images are uint8 [H, W, C], fed as x / 255; vectors float32 [D], already encoded. */
export const inputSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    height: positiveInt,
    width: positiveInt,
    channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
  }),
  z.object({ kind: z.literal('vector'), features: positiveInt }),
]);
export type InputSpec = z.infer<typeof inputSchema>;

/**
 * What the model answers. Classification: logits [B, classes], labels int32 [B].
 * Regression: [B, targets]; the network learns (y - offset) / scale, metrics are in y's own unit; NaN marks a missing target.
 */
export const taskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('classification'), classes: z.int().min(2) }),
  z.object({
    kind: z.literal('regression'),
    targets: positiveInt,
    offset: z.array(z.number()),
    scale: z.array(z.number().positive()),
    unit: z.string().default(''),
  }),
]);
export type TaskSpec = z.infer<typeof taskSchema>;

export function outputUnits(task: TaskSpec): number {
  return task.kind === 'classification' ? task.classes : task.targets;
}

/** "2" and [2, 2] alike as [height, width]. */
export function pair(size: number | [number, number]): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** [[top, bottom], [left, right]] */
export function sides(margins: Margins): [[number, number], [number, number]] {
  if (typeof margins === 'number') return sides([margins, margins]);
  const [rows, columns] = margins;
  return [typeof rows === 'number' ? [rows, rows] : rows, typeof columns === 'number' ? [columns, columns] : columns];
}
