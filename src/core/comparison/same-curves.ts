import type { watchedSeries } from '../run/watched.ts';
import type { ArmRun } from './measures.ts';

/** A run that has ended, with what decides which of its weights are kept. */
export interface CurveRun extends Pick<ArmRun, 'seed' | 'end'> {
  epoch: number;
  bestEpoch: number | null;
  watched: ReturnType<typeof watchedSeries>;
}

/**
 * What there is to say where a change never acted: early stopping whose patience never ran out trains step for step what its
 * parent did, and yet another epoch may be kept, as it is chosen by another figure. That is no effect on the training.
 * @param change "early stopping", within a sentence
 * @returns null where a seed's curves differ
 */
export function sameCurvesWords(
  change: string,
  base: readonly CurveRun[],
  changed: readonly CurveRun[],
): string | null {
  const pairs = changed.map((after) => [base.find(({ seed }) => seed === after.seed), after] as const);
  if (pairs.length === 0 || !pairs.every(([before, after]) => before && endAlike(before, after))) return null;
  const never = 'It never acted: the curves are the same';
  if (pairs.every(([before, after]) => before!.bestEpoch === after.bestEpoch))
    return `${never}, and the weights of the same epoch are kept.`;
  const was = keptWords(pairs.map(([before]) => before!));
  return `${never}; only the epoch whose weights are kept differs. As it was, that is the one of ${was}; with ${change}, the one of ${keptWords(changed)}.`;
}

/** Training is deterministic: what ends alike to the last digit, after as many epochs, came the same way. */
function endAlike(a: CurveRun, b: CurveRun): boolean {
  const names = new Set([...Object.keys(a.end), ...Object.keys(b.end)]);
  return a.epoch === b.epoch && names.size > 0 && [...names].every((n) => a.end[n] === b.end[n] && isNumber(a.end[n]));
}

function isNumber(value: number | null | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

/** "the lowest validation loss (epochs 6 and 7)", in the order of the runs. */
function keptWords(runs: readonly CurveRun[]): string {
  const { series, direction } = runs[0]!.watched;
  const metric = series.replace(/\/.*/, '').replace('rmse', 'RMSE');
  const epochs = runs.map(({ bestEpoch }) => bestEpoch ?? 'none');
  const listed = epochs.length === 1 ? epochs[0] : `${epochs.slice(0, -1).join(', ')} and ${epochs.at(-1)}`;
  return `the ${direction === 'min' ? 'lowest' : 'highest'} validation ${metric} (${epochs.length === 1 ? 'epoch' : 'epochs'} ${listed})`;
}
