/** A pure fold over the epochs' values; its memory is plain JSON, so that it survives in a checkpoint. */

export interface BestMemory {
  /** null until a finite value was seen */
  best: number | null;
  /** counted from 1 */
  bestEpoch: number;
  /** epochs since then */
  waited: number;
}

export const NO_BEST: BestMemory = { best: null, bestEpoch: 0, waited: 0 };

export interface BestRule {
  direction: 'min' | 'max';
  /** Smallest change that counts. */
  minDelta: number;
  /** Epochs at the start that are not looked at. */
  warmupEpochs: number;
}

/** @param epoch counted from 1; a value that is not a number never counts as better */
export function foldBest(
  rule: BestRule,
  memory: BestMemory,
  epoch: number,
  value: number,
): { memory: BestMemory; improved: boolean } {
  if (epoch <= rule.warmupEpochs) return { memory, improved: false };
  const gain =
    memory.best === null ? Number.POSITIVE_INFINITY : (value - memory.best) * (rule.direction === 'max' ? 1 : -1);
  const improved = Number.isFinite(value) && gain > rule.minDelta;
  return improved
    ? { memory: { best: value, bestEpoch: epoch, waited: 0 }, improved }
    : { memory: { ...memory, waited: memory.waited + 1 }, improved };
}

/** The epoch after which a run may be ended at the earliest: the first that is looked at is always the best so far. */
export function earliestEnd({ patience, warmupEpochs }: { patience: number; warmupEpochs: number }): number {
  return warmupEpochs + 1 + patience;
}

/** True once `patience` epochs brought nothing better. */
export function isPatienceOver(memory: BestMemory, patience: number): boolean {
  return memory.waited >= patience;
}
