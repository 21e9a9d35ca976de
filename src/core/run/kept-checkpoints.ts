import { z } from 'zod';
import { ordinal } from '../format/numbers.ts';

/** Which epochs' weights a run keeps beside its last ones; everything else is pruned as it goes. */

export const checkpointsSchema = z.strictObject({
  /** The best epochs, by what is watched on validation. */
  keepBest: z.int().min(1).max(100).default(1),
  /** Also every so many epochs; null: none. */
  everyEpochs: z.int().min(1).max(100_000).nullable().default(null),
});
export type CheckpointsSpec = z.infer<typeof checkpointsSchema>;
/** One file each: more are a mistake in the configuration, not a wish. */
export const MOST_PERIODIC = 500;

export interface Kept {
  /** 1 is the best; null where it is not one of the best */
  rank: number | null;
  /** its turn came: every so many epochs */
  periodic: boolean;
}

/** Why a checkpoint is kept: "best", "2nd best, every 5 epochs", "last". */
export function keptWords({ rank, periodic, last }: Kept & { last: boolean }, everyEpochs: number | null): string {
  return [
    ...(rank === null ? [] : [rank === 1 ? 'best' : `${ordinal(rank)} best`]),
    ...(periodic ? [everyEpochs === 1 ? 'every epoch' : `every ${everyEpochs} epochs`] : []),
    ...(last ? ['last'] : []),
  ].join(', ');
}

/**
 * The epochs that are kept, of all those that were kept until now and the newest: a set that is decided again after each epoch
 * comes out as one decided at the end. An earlier epoch goes before a later one of the same value. O(n log n).
 * @param values what is watched, by epoch counted from 1; an epoch whose value is not a number is never one of the best
 */
export function keptEpochs(
  { keepBest, everyEpochs }: CheckpointsSpec,
  direction: 'min' | 'max',
  values: ReadonlyMap<number, number>,
): Map<number, Kept> {
  const sign = direction === 'max' ? -1 : 1;
  const best = [...values]
    .filter(([, value]) => !Number.isNaN(value))
    .sort(([a, x], [b, y]) => (x === y ? a - b : sign * (x < y ? -1 : 1)))
    .slice(0, keepBest);
  const ranks = new Map(best.map(([epoch], i) => [epoch, i + 1]));
  const kept = new Map<number, Kept>();
  for (const epoch of values.keys()) {
    const rank = ranks.get(epoch) ?? null;
    const periodic = everyEpochs !== null && epoch % everyEpochs === 0;
    if (rank !== null || periodic) kept.set(epoch, { rank, periodic });
  }
  return kept;
}
