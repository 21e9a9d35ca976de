/** One metric of one run. Three arrays of one length: optimiser steps (rising), Unix milliseconds, values (NaN and infinities are kept: they are news). */
export interface Series {
  steps: readonly number[];
  times: readonly number[];
  values: readonly number[];
}

export const EMPTY_SERIES: Series = { steps: [], times: [], values: [] };

export function lastStep(series: Series): number {
  return series.steps.at(-1) ?? -1;
}

/**
 * What was known and what came since. A run that went on from a checkpoint logs some steps again: the newer points win, so no step is drawn twice.
 * Returns `old` itself when nothing came, so that nothing is drawn again. O(new + copied).
 */
export function mergeSeries(old: Series, more: Series): Series {
  const first = more.steps[0];
  if (first === undefined) return old;
  const keep = lowerBound(old.steps, first);
  return {
    steps: [...old.steps.slice(0, keep), ...more.steps],
    times: [...old.times.slice(0, keep), ...more.times],
    values: [...old.values.slice(0, keep), ...more.values],
  };
}

/** First index whose value is >= x in a rising array. O(log n). */
export function lowerBound(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (sorted[mid]! < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Index of the value nearest to x in a rising array, the earlier of two equally near; -1 when empty. O(log n). */
export function nearest(sorted: readonly number[], x: number): number {
  const after = lowerBound(sorted, x);
  if (after === 0) return sorted.length === 0 ? -1 : 0;
  if (after === sorted.length) return after - 1;
  return x - sorted[after - 1]! <= sorted[after]! - x ? after - 1 : after;
}

/** Index of the last value that is not above x in a rising array; -1 where there is none. O(log n). */
export function lastUpTo(sorted: readonly number[], x: number): number {
  const at = lowerBound(sorted, x);
  return sorted[at] === x ? at : at - 1;
}

export const X_AXES = ['step', 'epoch', 'relative', 'wall'] as const;
export type XAxis = (typeof X_AXES)[number];

/** What a series needs from its run to be drawn over epochs or time. */
export interface RunClock {
  stepsPerEpoch: number;
  /** Unix ms of its start; null before */
  startedAt: number | null;
}

/** Horizontal positions: steps, epochs (real), seconds since the run began, or Unix seconds. Always rising, as steps and times are. */
export function xValues(series: Series, axis: XAxis, clock: RunClock): number[] {
  switch (axis) {
    case 'step':
      return [...series.steps];
    case 'epoch':
      return series.steps.map((s) => s / Math.max(1, clock.stepsPerEpoch));
    case 'relative': {
      const start = clock.startedAt ?? series.times[0] ?? 0;
      return series.times.map((t) => (t - start) / 1000);
    }
    case 'wall':
      return series.times.map((t) => t / 1000);
  }
}

/** Series names in groups by what stands before the first slash, each sorted; a name without a slash is its own group. */
export function groupNames(names: Iterable<string>): [group: string, names: string[]][] {
  const groups = new Map<string, string[]>();
  for (const name of [...new Set(names)].sort()) {
    const slash = name.indexOf('/');
    const group = slash < 0 ? name : name.slice(0, slash);
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

const FIRST = ['loss', 'accuracy', 'rmse'];
function rank(group: string): number {
  const at = FIRST.indexOf(group);
  return at < 0 ? FIRST.length : at;
}
