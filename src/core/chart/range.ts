/** What the vertical axis shows: everything, or everything but what would flatten the rest. */

/** What one line has in the picture. */
export interface Shown {
  values: ArrayLike<number>;
  /** never left out */
  keep?: boolean;
  /** of a run that became not a number: it sets the range without outliers only where no other line is */
  diverged?: boolean;
}

export interface Range {
  min: number;
  max: number;
}

/** TensorBoard's share of a line's points that lie outside at each end; a line of fewer than 1 / TRIM points keeps all. */
const TRIM = 0.05;
/** Percentiles are those of about this many points: sorting all of 20 runs of 10,000 took 40 ms, longer than all else that a chart decides. */
const SAMPLE = 1000;
/** Lines that squeeze the others into less than this part of the picture are left out, if they are fewer … */
const SQUEEZED = 1 / 10;
/** … or, of two runs of which one diverged, as many: then only where nothing of the others could be seen. */
const LOST = 1 / 100;

/** The range of what can be drawn; null when there is nothing. O(n). */
export function fullRange(lines: readonly Shown[], log: boolean): Range | null {
  const boxes = lines.flatMap((line) => boxOf(line, log, false) ?? []);
  return boxes.length === 0 ? null : around(boxes);
}

/**
 * The range without outliers. TensorBoard takes percentiles over all points; there a run that diverged is no outlier as soon as it has a twentieth of
 * them, which it has among ten runs. So here whole lines are judged against each other first; percentiles are each line's own. O(n log n).
 */
export function robustRange(lines: readonly Shown[], log: boolean): Range | null {
  const boxed = (some: readonly Shown[]) => some.flatMap((line) => boxOf(line, log, true) ?? []);
  const sane = boxed(lines.filter(({ diverged }) => !diverged));
  const boxes = sane.length > 0 ? sane : boxed(lines);
  if (boxes.length === 0) return null;
  const most = Math.floor(boxes.length / 2);
  const upwards = withoutOutermost(boxes, most, log, ({ core }) => core.max);
  const calm = withoutOutermost(upwards, most, log, ({ core }) => -core.min);
  const whole = around(calm);
  const core = around(calm.map((box) => box.core));
  const up = log ? Math.log10 : (v: number) => v;
  const down = log ? (v: number) => 10 ** v : (v: number) => v;
  const span = up(core.max) - up(core.min);
  // Of what stands still nothing is lost beside something that moves.
  if (span <= 0) return whole;
  // An end is cut only where the outliers would take more than three quarters of the picture: the first steps of a usual training do not.
  return {
    min: up(core.min) - up(whole.min) > 3 * span ? down(up(core.min) - span * 0.05) : whole.min,
    max: up(whole.max) - up(core.max) > 3 * span ? down(up(core.max) + span * 0.05) : whole.max,
  };
}

/** Where a line lies, and where all but the outermost of its points lie. */
interface Box extends Range {
  core: Range;
  keep: boolean;
}

/** Null where it has no point that can be drawn. */
function boxOf({ values, keep = false }: Shown, log: boolean, trim: boolean): Box | null {
  let [min, max, points] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!usable(v, log)) continue;
    points++;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (points === 0) return null;
  if (!trim || keep || points < 1 / TRIM) return { min, max, core: { min, max }, keep };
  const every = Math.ceil(values.length / SAMPLE);
  const sample = [];
  for (let i = 0; i < values.length; i += every) if (usable(values[i]!, log)) sample.push(values[i]!);
  const sorted = Float64Array.from(sample).sort();
  const last = sorted.length - 1;
  const core = { min: sorted[Math.floor(TRIM * last)] ?? min, max: sorted[Math.ceil((1 - TRIM) * last)] ?? max };
  return { min, max, core, keep };
}

/** Without the lines that reach so far to one side that the others can’t be seen; at most `most` of them. */
function withoutOutermost(boxes: readonly Box[], most: number, log: boolean, reach: (box: Box) => number): Box[] {
  const order = [...boxes].sort((a, b) => reach(b) - reach(a));
  const firstKept = order.findIndex((box) => box.keep);
  for (let out = firstKept < 0 ? most : Math.min(most, firstKept); out > 0; out--) {
    const rest = order.slice(out);
    const part = out < rest.length ? SQUEEZED : LOST;
    const height = heightOf(rest, log);
    if (height > 0 && height < part * heightOf(order.slice(out - 1), log)) return rest;
  }
  return order;
}

/** Height of a picture of these lines: with zero in it, for lines that lie close to each other are not squeezed by their neighbour; at least a decade. */
function heightOf(boxes: readonly Box[], log: boolean): number {
  const { min, max } = around(boxes.map((box) => box.core));
  return log ? Math.max(1, Math.log10(max / min)) : Math.max(max, 0) - Math.min(min, 0);
}

function around(ranges: readonly Range[]): Range {
  return ranges.reduce((all, { min, max }) => ({ min: Math.min(all.min, min), max: Math.max(all.max, max) }), {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  });
}

function usable(value: number, log: boolean): boolean {
  return Number.isFinite(value) && (!log || value > 0);
}
