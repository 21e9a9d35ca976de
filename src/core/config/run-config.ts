import { z } from 'zod';
import { augmentationSchema } from '../augmentation/spec.ts';
import { modelSchema } from '../model/spec.ts';
import { checkpointsSchema } from '../run/kept-checkpoints.ts';
import { startFromSchema } from '../transfer/start-from.ts';
import { objectiveSchema } from './objective.ts';

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
  z.strictObject({ kind: z.literal('adagrad'), epsilon: z.number().positive().default(1e-10) }),
]);
export type OptimizerSpec = z.infer<typeof optimizerSchema>;
export const OPTIMIZER_NAMES: Record<OptimizerSpec['kind'], string> = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
};

export const METRICS = ['loss', 'accuracy', 'rmse'] as const;

/** Epochs are real numbers here: a schedule is a function of step / stepsPerEpoch. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmupEpochs: z.number().min(0).default(0) }),
  z.strictObject({
    kind: z.literal('step'),
    everyEpochs: z.number().positive(),
    factor: z.number().gt(0).lt(1).default(0.1),
    warmupEpochs: z.number().min(0).default(0),
  }),
  /** A little at each step, so that it is `factor` times itself after every epoch. */
  z.strictObject({
    kind: z.literal('exponential'),
    factor: z.number().gt(0).lt(1).default(0.9),
    warmupEpochs: z.number().min(0).default(0),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    finalRate: z.number().min(0).default(0),
    warmupEpochs: z.number().min(0).default(0),
  }),
  /** Falls when what it watches has not got better for more than `patience` epochs. */
  z.strictObject({
    kind: z.literal('plateau'),
    metric: z.enum(METRICS).default('loss'),
    /** Always explicit: nothing guesses whether more is better. */
    direction: z.enum(['min', 'max']),
    factor: z.number().gt(0).lt(1).default(0.1),
    patience: z.int().min(0).max(10_000).default(5),
    minDelta: z.number().min(0).default(0),
    /** Epochs after a fall in which nothing is counted. */
    cooldownEpochs: z.int().min(0).max(10_000).default(0),
    finalRate: z.number().min(0).default(0),
    warmupEpochs: z.number().min(0).default(0),
  }),
  /** Up to the learning rate and far below where it began (Smith and Topin 2018, arXiv:1708.07120): PyTorch's two phases of half a cosine each. */
  z.strictObject({
    kind: z.literal('one_cycle'),
    /** Share of the run until the peak. */
    rise: z.number().gt(0).lt(1).default(0.3),
    /** It begins at the learning rate divided by this... */
    startDivisor: z.number().min(1).max(1e9).default(25),
    /** ...and ends at where it began divided by this. */
    endDivisor: z.number().min(1).max(1e9).default(1e4),
  }),
]);
export type ScheduleSpec = z.infer<typeof scheduleSchema>;
export const SCHEDULE_NAMES: Record<ScheduleSpec['kind'], string> = {
  constant: 'Constant',
  step: 'Step',
  exponential: 'Exponential',
  cosine: 'Cosine',
  plateau: 'Plateau',
  one_cycle: 'One cycle',
};

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

export const PRECISIONS = ['float32', 'bf16'] as const;
export type Precision = (typeof PRECISIONS)[number];

export const runConfigSchema = z.strictObject({
  mode: z.enum(RUN_MODES).default('train'),
  model: modelSchema,
  optimizer: optimizerSchema,
  learningRate: rate,
  schedule: scheduleSchema.default({ kind: 'constant', warmupEpochs: 0 }),
  batchSize: z.int().min(1).max(65_536),
  epochs: z.int().min(1).max(100_000),
  ...objectiveSchema.shape,
  /** What each class's items weigh in the loss; "balanced" = items / (classes * items of the class) of the train part. */
  classWeights: z
    .union([z.literal('balanced'), z.array(z.number().min(0)).min(1)])
    .nullable()
    .default(null),
  /** How an epoch picks its items: each once, or as many of every class, the rarer ones more often than once. */
  sampling: z.enum(['shuffle', 'balanced']).default('shuffle'),
  /** Of training items alone; validation and prediction see items as they are. */
  augmentation: augmentationSchema.nullable().default(null),
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** Weights that are kept beside those of the last step. */
  checkpoints: checkpointsSchema.default({ keepBest: 1, everyEpochs: null }),
  /** Epochs between two histograms of each layer's weights and gradients; 0: none; null: as often as costs next to nothing. */
  histogramsEvery: z.int().min(0).max(100_000).nullable().default(null),
  /** null: all weights begin from the seed. */
  startFrom: startFromSchema.nullable().default(null),
  /** Devices of one trainer over which each batch is spread; one update, as on one device with the whole batch. */
  replicas: z.int().min(1).max(64).default(1),
  /** bf16: computes in bfloat16 on processors that have it; weights stay float32. */
  precision: z.enum(PRECISIONS).default('float32'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});
export type RunConfig = z.infer<typeof runConfigSchema>;
/** What a person may send: defaults left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
