import { z } from 'zod';
import type { TaskSpec } from '../model/spec.ts';

/** What a step makes small, and how its gradient becomes an update. Every option that is off costs nothing. */

const labelSmoothing = z.number().min(0).lt(1).default(0);

export const lossSchema = z.discriminatedUnion('kind', [
  /** Of the softmax. Smoothing: the right class is asked for 1 - s, plus s / classes for each (Szegedy et al. 2016, arXiv:1512.00567). */
  z.strictObject({ kind: z.literal('cross_entropy'), labelSmoothing }),
  /** Of a sigmoid for each class, its mean over the classes. Smoothing: 1 becomes 1 - s / 2, 0 becomes s / 2. */
  z.strictObject({ kind: z.literal('binary_cross_entropy'), labelSmoothing }),
  z.strictObject({ kind: z.literal('mse') }),
  z.strictObject({ kind: z.literal('mae') }),
  /** Half the square up to `delta`, a straight line beyond (Huber 1964). `delta` counts in normalised targets: (y - offset) / scale of the data set. */
  z.strictObject({ kind: z.literal('huber'), delta: z.number().positive().default(1) }),
]);
export type LossSpec = z.infer<typeof lossSchema>;

export const LOSS_NAMES: Record<LossSpec['kind'], string> = {
  cross_entropy: 'Cross-entropy',
  binary_cross_entropy: 'Binary cross-entropy',
  mse: 'Mean squared error',
  mae: 'Mean absolute error',
  huber: 'Huber',
};

/** The losses that a task can have, its usual one first. */
export const LOSSES_OF: Record<TaskSpec['kind'], readonly [LossSpec['kind'], ...LossSpec['kind'][]]> = {
  classification: ['cross_entropy', 'binary_cross_entropy'],
  regression: ['mse', 'mae', 'huber'],
};

/** `loss`, or the task's usual one where it is left out. */
export function lossOf(loss: LossSpec | null, task: Pick<TaskSpec, 'kind'>): LossSpec {
  return loss ?? lossSchema.parse({ kind: LOSSES_OF[task.kind][0] });
}

/** What answering each of so many classes as likely as any other costs: what guessing reaches. */
export function guessedClasses(loss: LossSpec | null, classes: number): number {
  if (loss?.kind !== 'binary_cross_entropy') return Math.log(classes);
  const share = (1 - loss.labelSmoothing) / classes + loss.labelSmoothing / 2;
  return -share * Math.log(share) - (1 - share) * Math.log(1 - share);
}

const factor = z.number().min(0).max(10).default(0);

export const objectiveSchema = z.strictObject({
  /** null = the task's usual: cross-entropy of classes, mean squared error of targets */
  loss: lossSchema.nullable().default(null),
  /** Factor of the sum of the absolute values of what is penalised, added to the loss and logged apart. */
  l1: factor,
  /** Factor of the sum of squares of what is penalised, added to the loss and logged apart. */
  l2: factor,
  /** What L1, L2 and AdamW's decay pull on: weight matrices and kernels alone, or biases and norms as well. */
  penalise: z.enum(['kernels', 'all']).default('kernels'),
  /** Of the whole gradient by its norm (Pascanu et al. 2013, arXiv:1211.5063), or of each of its numbers. */
  gradientClipping: z
    .strictObject({ kind: z.enum(['norm', 'value']), limit: z.number().positive() })
    .nullable()
    .default(null),
  /** Batches whose gradients are averaged into one update. */
  accumulate: z.int().min(1).max(1024).default(1),
  /** Validation and the kept weights use an exponential moving average of the weights (Polyak and Juditsky 1992). */
  ema: z
    .strictObject({ decay: z.number().gt(0).lt(1).default(0.999) })
    .nullable()
    .default(null),
});
export type Objective = z.infer<typeof objectiveSchema>;

/** Every option off. */
export const PLAIN_OBJECTIVE: Objective = objectiveSchema.parse({});
