import { guessedClasses, type Objective } from '../config/objective.ts';
import type { TaskSpec } from '../model/spec.ts';

/** Whether one batch was learnt by heart (Karpathy 2019, "A recipe for training neural networks": overfit one batch). */

/** Of the squared error, or the cross-entropy, of an answer that knows nothing of the item. */
const NEAR_ZERO_SHARE = 0.01;

/**
 * The loss under which one batch counts as learnt by heart: a hundredth of what it costs to know nothing but the batch's average.
 * @param y of the batch: int32 [B] classes, or float32 [B, T] in their own unit with NaN for missing
 */
export function nearZeroLoss(task: TaskSpec, loss: Objective['loss'], y: Int32Array | Float32Array): number {
  if (task.kind === 'classification') return NEAR_ZERO_SHARE * guessedClasses(loss, task.classes);
  let squares = 0;
  let count = 0;
  for (let t = 0; t < task.targets; t++) {
    const present: number[] = [];
    for (let i = t; i < y.length; i += task.targets) if (!Number.isNaN(y[i]!)) present.push(y[i]! / task.scale[t]!);
    const mean = present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
    for (const value of present) squares += (value - mean) ** 2;
    count += present.length;
  }
  // A batch of equal targets: a hundredth of the targets' own spread.
  const variance = squares / Math.max(1, count) || 1;
  if (loss?.kind === 'mae') return Math.sqrt(NEAR_ZERO_SHARE * variance);
  return NEAR_ZERO_SHARE * variance * (loss?.kind === 'huber' ? 0.5 : 1);
}

export interface OverfitResult {
  items: number;
  /** "image" or "row" */
  noun: string;
  steps: number;
  first: number;
  last: number;
  target: number;
}

export function overfitWords({ items, noun, steps, first, last, target }: OverfitResult): string {
  const batch = `one batch of ${items} ${noun}${items === 1 ? '' : 's'}`;
  const number = (loss: number) => String(Number(loss.toPrecision(2)));
  if (last <= target)
    return `Learnt by heart: the loss of ${batch} fell from ${number(first)} to ${number(last)} in ${steps} steps. Model, rate and labels fit together.`;
  return (
    `Not learnt by heart: after ${steps} steps the loss of ${batch} is ${number(last)}, from ${number(first)}; near zero is under ${number(target)}. ` +
    'Look for a wrong rate (find it first), a model too small, or labels that do not belong to their items.'
  );
}
