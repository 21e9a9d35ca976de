import { metricValue } from '../format/numbers.ts';
import { isOver, type RunState } from '../run/lifecycle.ts';
import { hasDiverged } from '../run/stop-reasons.ts';
import type { ChartLine, Gap } from './prepare.ts';
import { nearest, type RunClock, type Series, type XAxis, xValues } from './series.ts';
import { smooth } from './smoothing.ts';

/** From the stored series of a run to lines of a chart. */

export interface LineSource {
  key: string;
  label: string;
  colour: string;
  series: Series;
  clock: RunClock;
  dashed: boolean;
  /** weight of the smoothing; 0 = none */
  smoothing: number;
  strong?: boolean;
  keep?: boolean;
  diverged?: boolean;
}

/** The last smoothing of each series: while one of twenty runs trains, nineteen need not be smoothed again. */
const known = new WeakMap<readonly number[], { weight: number; values: number[] }>();

function smoothed(values: readonly number[], weight: number): number[] {
  const last = known.get(values);
  if (last?.weight === weight) return last.values;
  const now = smooth(values, weight);
  known.set(values, { weight, values: now });
  return now;
}

export function lineOfRun({ series, clock, smoothing, ...look }: LineSource, axis: XAxis): ChartLine {
  const values = series.values;
  return {
    ...look,
    x: xValues(series, axis, clock),
    values,
    drawn: smoothing > 0 && values.length > 2 ? smoothed(values, smoothing) : values,
    whereOf: (index) => `step ${series.steps[index]!.toLocaleString('en-GB')}`,
  };
}

/** The last position of any of these series. */
export function reachOf(all: Iterable<{ series: Series; clock: RunClock }>, axis: XAxis): number | undefined {
  let reach: number | undefined;
  for (const { series, clock } of all) {
    const last = series.steps.length - 1;
    if (last < 0) continue;
    const end = { steps: [series.steps[last]!], times: [series.times[last]!], values: [0] };
    const start = { ...clock, startedAt: clock.startedAt ?? series.times[0]! };
    reach = Math.max(reach ?? Number.NEGATIVE_INFINITY, xValues(end, axis, start)[0]!);
  }
  return reach;
}

/** "train" is drawn dashed wherever it stands. */
export function isTrain(name: string): boolean {
  return name.endsWith('/train');
}

/** A share lies between 0 and 1 and flattens nothing; of runs that learn nothing and one that does, all are to be seen. */
export function mayHaveOutliers(name: string): boolean {
  return !name.startsWith('accuracy/');
}

/** Why a chart of these runs stays without points; null while some may come. */
export function whyNoPoints(runs: readonly { state: RunState; stopReason: string | null }[]): string | null {
  if (!runs.every(({ state }) => isOver(state))) return null;
  const who = runs.length === 1 ? 'the run' : 'the runs';
  return `No points: ${who} ${runs.every(hasDiverged) ? 'became not a number' : 'ended'} before the first of them.`;
}

/** The place of the best epoch on the axis, and the heights of the rings; null where the epoch is not logged yet. */
export function bestMark(
  bestEpoch: number | null,
  clock: RunClock,
  axis: XAxis,
  validation: Series | undefined,
): { x: number; y: number; words: string } | null {
  if (bestEpoch === null || !validation) return null;
  const step = bestEpoch * clock.stepsPerEpoch;
  const at = nearest(validation.steps, step);
  if (at < 0 || Math.abs(validation.steps[at]! - step) >= clock.stepsPerEpoch / 2) return null;
  const value = validation.values[at]!;
  if (!Number.isFinite(value)) return null;
  return { x: xValues(validation, axis, clock)[at]!, y: value, words: metricValue('', value) };
}

/** The space between two lines of a chart from a step on, at the points of `upper`; null while that is less than two points. O(n log n). */
export function gapBetween(lower: ChartLine, upper: ChartLine, steps: readonly number[], fromStep: number): Gap | null {
  const gap: Gap = { x: [], from: [], to: [] };
  for (const [i, step] of steps.entries()) {
    if (step < fromStep) continue;
    const x = upper.x[i]!;
    const at = nearest(lower.x, x);
    if (at < 0 || !Number.isFinite(lower.drawn[at]!) || !Number.isFinite(upper.drawn[i]!)) continue;
    gap.x.push(x);
    gap.from.push(lower.drawn[at]!);
    gap.to.push(upper.drawn[i]!);
  }
  return gap.x.length < 2 ? null : gap;
}

/** A position in words: "step 1,210, epoch 22.0", "2 min 3 s", or the local time. */
export function describePosition(x: number, axis: XAxis, stepsPerEpoch: number): string {
  const step = (s: number) => `step ${Math.round(s).toLocaleString('en-GB')}`;
  const epoch = (e: number) => `epoch ${Number(e.toFixed(1))}`;
  switch (axis) {
    case 'step':
      return `${step(x)}, ${epoch(x / stepsPerEpoch)}`;
    case 'epoch':
      return `${epoch(x)}, ${step(x * stepsPerEpoch)}`;
    case 'relative':
      return x < 60 ? `${x.toFixed(1)} s` : `${Math.floor(x / 60)} min ${Math.floor(x % 60)} s`;
    case 'wall':
      return new Date(x * 1000).toLocaleTimeString('en-GB');
  }
}
