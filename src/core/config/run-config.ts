import { z } from 'zod';
import { augmentationSchema } from '../augmentation/spec.ts';
import { modelSchema } from '../model/spec.ts';
import { startFromSchema } from '../transfer/start-from.ts';

/** The whole configuration of one run: the same JSON on the page, in REST, in the CLI and in the database. */

const rate = z.number().gt(0).max(10);

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().min(0).lt(1).default(0.9),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).max(1).default(0.01),
  }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    alpha: z.number().min(0).lt(1).default(0.99),
    momentum: z.number().min(0).lt(1).default(0),
    epsilon: z.number().positive().default(1e-8),
  }),
]);
export type OptimizerSpec = z.infer<typeof optimizerSchema>;
export const OPTIMIZER_NAMES: Record<OptimizerSpec['kind'], string> = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
};

/** Epochs are real numbers here: a schedule is a function of step / stepsPerEpoch. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmupEpochs: z.number().min(0).default(0) }),
  z.strictObject({
    kind: z.literal('step'),
    everyEpochs: z.number().positive(),
    factor: z.number().gt(0).lt(1).default(0.1),
    warmupEpochs: z.number().min(0).default(0),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    finalRate: z.number().min(0).default(0),
    warmupEpochs: z.number().min(0).default(0),
  }),
]);
export type ScheduleSpec = z.infer<typeof scheduleSchema>;

export const METRICS = ['loss', 'accuracy', 'rmse'] as const;
export const earlyStoppingSchema = z.strictObject({
  metric: z.enum(METRICS).default('loss'),
  /** Always explicit: nothing guesses whether more is better. */
  direction: z.enum(['min', 'max']),
  patience: z.int().min(1).max(10_000),
  minDelta: z.number().min(0).default(0),
  warmupEpochs: z.int().min(0).default(0),
});
export type EarlyStoppingSpec = z.infer<typeof earlyStoppingSchema>;

/** `train`, or a check before it: what each does stands in core/run/modes.ts. */
export const RUN_MODES = ['train', 'fast_dev_run', 'overfit_batch', 'find_learning_rate'] as const;
export type RunMode = (typeof RUN_MODES)[number];

export const runConfigSchema = z.strictObject({
  mode: z.enum(RUN_MODES).default('train'),
  model: modelSchema,
  optimizer: optimizerSchema,
  learningRate: rate,
  schedule: scheduleSchema.default({ kind: 'constant', warmupEpochs: 0 }),
  batchSize: z.int().min(1).max(65_536),
  epochs: z.int().min(1).max(100_000),
  /** Factor of the sum of squares of every weight matrix and kernel (not biases, not norms), added to the loss and logged apart. */
  l2: z.number().min(0).max(10).default(0),
  /** Of training items alone; validation and prediction see items as they are. */
  augmentation: augmentationSchema.nullable().default(null),
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** Epochs between two histograms of each layer's weights and gradients; 0: none; null: as often as costs next to nothing. */
  histogramsEvery: z.int().min(0).max(100_000).nullable().default(null),
  /** null: all weights begin from the seed. */
  startFrom: startFromSchema.nullable().default(null),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});
export type RunConfig = z.infer<typeof runConfigSchema>;
/** What a person may send: defaults left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
