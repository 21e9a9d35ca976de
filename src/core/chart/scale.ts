/** Extents and ticks of an axis: round numbers at a round distance (steps of 1, 2 or 5 times a power of ten). */

export interface Extent {
  min: number;
  max: number;
  /** points left out of the picture: outliers, and on a log axis what is not above zero */
  below: number;
  above: number;
}

export interface ExtentOptions {
  log?: boolean;
  /** share of the values cut off at each end, e.g. 0.05; only where it changes the picture */
  cut?: number;
  /** values that must stay in the picture whatever `cut` says */
  always?: ArrayLike<number>;
}

/** The extent of what can be drawn; null when there is nothing. O(n log n) with `cut`, else O(n). */
export function extentOf(
  values: ArrayLike<number>,
  { log = false, cut = 0, always = [] }: ExtentOptions = {},
): Extent | null {
  const [lowest, highest, usable] = range(values, log);
  let [min, max] = [lowest, highest];
  const [keepMin, keepMax, kept] = range(always, log);
  if (usable + kept === 0) return null;
  if (cut > 0 && usable >= 20) {
    const sorted = Float64Array.from(values)
      .filter((v) => Number.isFinite(v) && (!log || v > 0))
      .sort();
    const low = sorted[Math.floor(cut * (sorted.length - 1))]!;
    const high = sorted[Math.ceil((1 - cut) * (sorted.length - 1))]!;
    const span = high - low;
    // An end is cut only where the outliers would squeeze the rest into less than half of the picture.
    if (max - high > span) max = high + span * 0.05;
    if (low - min > span) min = low - span * 0.05;
  }
  min = Math.min(min, keepMin);
  max = Math.max(max, keepMax);
  return { min, max, ...outside(values, min, max, log) };
}

/** How many values a picture from `min` to `max` leaves out; what is not finite has no place to be left out of. */
export function outside(
  values: ArrayLike<number>,
  min: number,
  max: number,
  log: boolean,
): { above: number; below: number } {
  let below = 0;
  let above = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v > max && v !== Number.POSITIVE_INFINITY) above++;
    else if ((v < min && v !== Number.NEGATIVE_INFINITY) || (log && v <= 0)) below++;
  }
  return { above, below };
}

/** Lowest, highest and number of the values that can be drawn. */
function range(values: ArrayLike<number>, log: boolean): [min: number, max: number, usable: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let usable = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v) || (log && v <= 0)) continue;
    usable++;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  return [min, max, usable];
}

export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Round tick distance for about `count` ticks over `span`. */
export function tickStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/** Ticks inside [min, max]. */
export function linearTicks(min: number, max: number, count: number): number[] {
  return max > min ? multiples(tickStep(max - min, count), min, max) : [min];
}

function multiples(step: number, min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; k++) ticks.push(clean(k * step, step));
  return ticks;
}

/** A linear axis that begins and ends on a tick, and at zero where zero is near. */
export function linearScale(min: number, max: number, count = 5): Scale {
  let [low, high] = [min, max];
  // Below this, powers of ten underflow to zero and the step becomes NaN.
  if (high - low < 1e-300) {
    const around = Math.abs(low) > 1e-300 ? Math.abs(low) * 0.1 : 1;
    low -= around;
    high += around;
  }
  if (low > 0 && low < high * 0.5) low = 0;
  if (high < 0 && high > low * 0.5) high = 0;
  const step = tickStep(high - low, count);
  const scale = {
    min: clean(Math.floor(low / step + 1e-9) * step, step),
    max: clean(Math.ceil(high / step - 1e-9) * step, step),
  };
  return { ...scale, ticks: multiples(step, scale.min, scale.max) };
}

/** A log axis over whole decades, or 1-2-5 within few of them. Both ends must be above zero. */
export function logScale(min: number, max: number, count = 5): Scale {
  const decades = Math.log10(max / min);
  const leads = decades > 2.5 ? [1] : decades > 1 ? [1, 3] : [1, 2, 5];
  const from = Math.floor(Math.log10(min)) - 1;
  const to = Math.ceil(Math.log10(max)) + 1;
  const all: number[] = [];
  for (let e = from; e <= to; e++) for (const lead of leads) all.push(Number(`${lead}e${e}`));
  const low = all.findLast((t) => t <= min * (1 + 1e-9))!;
  let high = all.find((t) => t >= max * (1 - 1e-9))!;
  if (high === low) high = all[all.indexOf(low) + 1]!;
  const inside = all.filter((t) => t >= low && t <= high);
  const every = Math.ceil(inside.length / (count + 2));
  return { min: low, max: high, ticks: inside.filter((_, i) => i % every === 0) };
}

/** k * step carries rounding dust (0.30000000000000004). */
function clean(value: number, step: number): number {
  const digits = Math.max(0, Math.min(20, 2 - Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits)) + 0;
}

/** Labels that all carry the same digits: "0.90", "0.95", "1.00"; "1,500"; "1e−5". */
export function tickLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const gaps = ticks.slice(1).map((t, i) => t - ticks[i]!);
  const step = Math.min(...gaps.filter((g) => g > 0));
  const even = gaps.every((g) => Math.abs(g - step) < step * 1e-6);
  if (largest > 0 && (largest < 0.002 || largest >= 1e7)) return ticks.map(scientific);
  if (!even || !Number.isFinite(step))
    return ticks.map((t) => (t !== 0 && Math.abs(t) < 0.001 ? scientific(t) : plain(t)));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((t) => grouped(t, digits));
}

function plain(value: number): string {
  return grouped(value, Math.max(0, -Math.floor(Math.log10(Math.abs(value) || 1) + 1e-9)));
}

function grouped(value: number, digits: number): string {
  return value
    .toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace('-', '−');
}

function scientific(value: number): string {
  if (value === 0) return '0';
  const [lead, power] = value.toExponential(1).split('e');
  return `${lead!.replace(/\.0$/, '')}e${power!.replace('+', '')}`.replaceAll('-', '−');
}
