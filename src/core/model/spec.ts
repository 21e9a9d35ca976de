import { z } from 'zod';

/** The JSON of a model: what a person edits, what a run stores, what the engine builds. */

export const ACTIVATIONS = ['linear', 'relu', 'leaky_relu', 'elu', 'selu', 'gelu', 'swish', 'tanh', 'sigmoid'] as const;
export const activationSchema = z.enum(ACTIVATIONS);
export type Activation = z.infer<typeof activationSchema>;

const positiveInt = z.int().min(1).max(65_536);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'use a lower-case name of letters, digits and _, such as conv1')
  .optional();
const padding = z.enum(['valid', 'same']).default('valid');
/** One number for a square, or [height, width]. */
const size2d = z.union([positiveInt, z.tuple([positiveInt, positiveInt])]);

export const layerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('dense'),
    name,
    units: positiveInt,
    activation: activationSchema.default('linear'),
    bias: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('conv2d'),
    name,
    filters: positiveInt,
    kernelSize: size2d,
    strides: size2d.default(1),
    padding,
    activation: activationSchema.default('linear'),
    bias: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('max_pool2d'),
    name,
    poolSize: size2d.default(2),
    strides: size2d.optional(),
    padding,
  }),
  z.strictObject({
    type: z.literal('average_pool2d'),
    name,
    poolSize: size2d.default(2),
    strides: size2d.optional(),
    padding,
  }),
  z.strictObject({ type: z.literal('global_average_pool2d'), name }),
  z.strictObject({ type: z.literal('flatten'), name }),
  z.strictObject({ type: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  /** Running statistics: new = momentum * old + (1 - momentum) * batch (Ioffe and Szegedy 2015, Keras's convention). */
  z.strictObject({
    type: z.literal('batch_norm'),
    name,
    momentum: z.number().min(0).lt(1).default(0.9),
    epsilon: z.number().positive().default(1e-5),
  }),
  z.strictObject({ type: z.literal('activation'), name, activation: activationSchema }),
]);
export type LayerSpec = z.infer<typeof layerSchema>;

export const modelSchema = z.strictObject({ layers: z.array(layerSchema).min(1).max(256) });
export type ModelSpec = z.infer<typeof modelSchema>;

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
