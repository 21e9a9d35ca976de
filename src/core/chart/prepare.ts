import { alignLines, bucketIndices } from './buckets.ts';
import { type Outside, outsideOf } from './outside.ts';
import { fullRange, type Range, robustRange, type Shown } from './range.ts';
import { linearScale, linearTicks, logScale, type Scale, tickLabels } from './scale.ts';
import { lowerBound, type XAxis } from './series.ts';
import { elapsedTicks, wallTicks } from './time-ticks.ts';

/** Everything that a line chart decides before it draws: which points, which scales, which labels. Prepare decides, draw draws. */

export interface ChartLine {
  key: string;
  label: string;
  /** custom property of its colour, e.g. "--run-3" */
  colour: string;
  dashed: boolean;
  /** drawn stronger: pinned, or the only one */
  strong?: boolean;
  /** rising */
  x: readonly number[];
  values: readonly number[];
  /** what is drawn; the values themselves where nothing is smoothed */
  drawn: readonly number[];
  /** its values always stay in the picture when outliers are ignored */
  keep?: boolean;
  /** see Shown */
  diverged?: boolean;
  /** in words for the crossed end: e.g. "step 214" */
  whereOf?: (index: number) => string;
}

/** An area between two curves; equal lengths, x rising. */
export interface Gap {
  x: number[];
  from: number[];
  to: number[];
}

export interface ChartOptions {
  axis: XAxis;
  log: boolean;
  cutOutliers: boolean;
  /** of the horizontal axis; null = everything */
  zoom: readonly [number, number] | null;
  /** the horizontal axis reaches at least this far, so that charts beside each other share it */
  reach?: number;
  /** the vertical axis in place of one from these lines' own values, for the same reason */
  yRange?: Range;
  /** pixel columns of the plot */
  columns: number;
  /** ticks that fit */
  xTicks: number;
  yTicks: number;
  /** seconds that local time is ahead of UTC */
  timeOffset: number;
}

export interface Axis extends Scale {
  labels: string[];
}

export interface PreparedLine {
  key: string;
  colour: string;
  dashed: boolean;
  raw: boolean;
  strong: boolean;
}

/** Where a line stops being a number: the last point that could be drawn before it. */
export interface BrokenEnd {
  key: string;
  label: string;
  colour: string;
  x: number;
  y: number;
  where: string;
}

export interface LineEnd {
  key: string;
  label: string;
  x: number;
  /** where the line ends: smoothed where it is drawn smoothed */
  y: number;
  /** the value behind a smoothed end; null where nothing is smoothed */
  raw: number | null;
}

export interface PreparedChart {
  /** common positions, and a row a drawn line; null = no point there */
  x: number[];
  rows: (number | null)[][];
  lines: PreparedLine[];
  xAxis: Axis;
  yAxis: Axis;
  /** lines with points that are not in the picture */
  outside: Outside[];
  broken: BrokenEnd[];
  /** last drawn value of each line inside the picture, where its label stands: at the right edge */
  ends: LineEnd[];
}

/** Null when no line has a point that can be drawn. O(points + lines x columns). */
export function prepareChart(lines: readonly ChartLine[], options: ChartOptions): PreparedChart | null {
  const { axis, log, cutOutliers, zoom, columns } = options;
  const windows = lines.map((line) => window(line, zoom));
  const smoothed = lines.map(isSmoothed);
  const shown = lines.map((line, i) => shownOf(line, windows[i]!));
  const own = cutOutliers ? robustRange(shown, log) : fullRange(shown, log);
  if (!own) return null;
  const { min, max } = options.yRange ?? own;
  const y = log ? logScale(min, max, options.yTicks) : linearScale(min, max, options.yTicks);

  const ends = lines.flatMap((line, i) =>
    line.x.length > 0 ? [line.x[windows[i]![0]]!, line.x[windows[i]![1] - 1]!] : [],
  );
  const xMin = zoom ? zoom[0] : axis === 'wall' ? Math.min(...ends) : Math.min(0, ...ends);
  const least = axis === 'epoch' || axis === 'step' ? 1 : 1e-3;
  const xMax = zoom ? zoom[1] : Math.max(...ends, options.reach ?? xMin, xMin + least);

  const prepared: PreparedLine[] = [];
  const drawnLines: { x: number[]; y: number[] }[] = [];
  const add = (line: ChartLine, [from, to]: [number, number], ys: readonly number[], raw: boolean) => {
    const x = line.x.slice(from, to);
    const part = log ? ys.slice(from, to).map((v) => (v <= 0 ? Number.NaN : v)) : ys.slice(from, to);
    const kept = bucketIndices(x, part, columns);
    drawnLines.push({ x: kept.map((i) => x[i]!), y: kept.map((i) => part[i]!) });
    prepared.push({
      key: line.key,
      colour: line.colour,
      dashed: line.dashed && !raw,
      raw,
      strong: line.strong ?? false,
    });
  };
  lines.forEach((line, i) => {
    if (smoothed[i]) add(line, windows[i]!, line.values, true);
  });
  lines.forEach((line, i) => {
    add(line, windows[i]!, line.drawn, false);
  });
  const aligned = alignLines(drawnLines);

  return {
    ...aligned,
    lines: prepared,
    xAxis: horizontal(axis, xMin, xMax, options),
    yAxis: { ...y, labels: tickLabels(y.ticks) },
    outside: lines.flatMap((line, i) => outsideOf(line, windows[i]!, y, log)),
    broken: lines.flatMap((line) => brokenEnd(line, log)),
    // Beside the picture, not at the end of a line that ended early: there it would cover those that went on.
    ends: lines.flatMap((line, i) => lineEnd(line, windows[i]!, y)).map((end) => ({ ...end, x: xMax })),
  };
}

/** Whether what is drawn is something else than what was measured. */
export function isSmoothed({ drawn, values }: Pick<ChartLine, 'drawn' | 'values'>): boolean {
  return drawn !== values;
}

/** Indices [from, to) of the points in the picture, with one more at each side so that lines reach its edges. */
function window(line: ChartLine, zoom: readonly [number, number] | null): [number, number] {
  if (!zoom) return [0, line.x.length];
  return [Math.max(0, lowerBound(line.x, zoom[0]) - 1), Math.min(line.x.length, lowerBound(line.x, zoom[1]) + 1)];
}

/** What a line draws in the picture; the values behind a smoothed one too, for they stand there faint. */
function shownOf(line: ChartLine, [from, to]: readonly [number, number]): Shown {
  const { drawn, values, keep = false, diverged = false } = line;
  const raw = isSmoothed(line);
  const all = new Float64Array((to - from) * (raw ? 2 : 1));
  let at = 0;
  for (let i = from; i < to; i++) all[at++] = drawn[i]!;
  if (raw) for (let i = from; i < to; i++) all[at++] = values[i]!;
  return { values: all, keep, diverged };
}

function horizontal(axis: XAxis, from: number, to: number, { xTicks, timeOffset }: ChartOptions): Axis {
  if (axis === 'relative') return { min: from, max: to, ...elapsedTicks(from, to, xTicks) };
  if (axis === 'wall') return { min: from, max: to, ...wallTicks(from, to, xTicks, timeOffset) };
  const ticks = linearTicks(from, to, xTicks).filter((t) => Number.isInteger(t) || to - from < 2);
  const labels = tickLabels(ticks);
  const last = labels.length - 1;
  if (last >= 0) labels[last] = `${axis} ${labels[last]}`;
  return { min: from, max: to, ticks, labels };
}

function brokenEnd(line: ChartLine, log: boolean): BrokenEnd[] {
  const at = line.values.findIndex((v) => !Number.isFinite(v));
  if (at < 0) return [];
  let before = at - 1;
  while (before >= 0 && log && line.drawn[before]! <= 0) before--;
  if (before < 0) return [];
  const what = Number.isNaN(line.values[at]!) ? 'NaN' : line.values[at]! > 0 ? '∞' : '−∞';
  return [
    {
      key: line.key,
      label: line.label,
      colour: line.colour,
      x: line.x[before]!,
      y: line.drawn[before]!,
      where: `${what} at ${line.whereOf?.(at) ?? line.x[at]}`,
    },
  ];
}

function lineEnd(line: ChartLine, [from, to]: [number, number], y: Scale): LineEnd[] {
  for (let i = to - 1; i >= from; i--) {
    const v = line.drawn[i]!;
    if (!Number.isFinite(v)) continue;
    if (v < y.min || v > y.max) return [];
    const raw = isSmoothed(line) ? line.values[i]! : null;
    return [{ key: line.key, label: line.label, x: line.x[i]!, y: v, raw }];
  }
  return [];
}

/**
 * Keeps labels at the ends of lines from running into each other: pushed down, then up from the bottom; one that would stand
 * too far from its line is left out, for it would name the wrong one. All in pixels.
 */
export function placeLabels<T extends { top: number }>(labels: readonly T[], gap: number, height: number): T[] {
  const sorted = [...labels].sort((a, b) => a.top - b.top);
  const tops = sorted.map((label) => label.top);
  for (let i = 1; i < tops.length; i++) tops[i] = Math.max(tops[i]!, tops[i - 1]! + gap);
  let free = height;
  for (let i = tops.length - 1; i >= 0; i--) {
    tops[i] = Math.min(tops[i]!, free);
    free = tops[i]! - gap;
  }
  return sorted.flatMap((label, i) =>
    Math.abs(tops[i]! - label.top) > gap * 1.5 ? [] : [{ ...label, top: tops[i]! }],
  );
}
