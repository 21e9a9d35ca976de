/** Scales and ticks of an axis: round numbers at a round distance (steps of 1, 2 or 5 times a power of ten). */

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

/** Labels that all carry the same digits: "0.90", "0.95", "1.00"; "1,500"; "1e−5". Short enough for an axis: "400k", "1.5M". */
export function tickLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const gaps = ticks.slice(1).map((t, i) => t - ticks[i]!);
  const step = Math.min(...gaps.filter((g) => g > 0));
  const even = gaps.every((g) => Math.abs(g - step) < step * 1e-6);
  if (largest > 0 && (largest < 0.002 || largest >= 1e7)) return ticks.map(scientific);
  if (!even || !Number.isFinite(step))
    return ticks.map((t) => (t !== 0 && Math.abs(t) < 0.001 ? scientific(t) : plain(t)));
  const unit = unitOf(largest);
  const digits = Math.max(0, -Math.floor(Math.log10(step / unit.size) + 1e-9));
  return ticks.map((t) => (t === 0 && unit.size > 1 ? '0' : grouped(t / unit.size, digits) + unit.letter));
}

function unitOf(value: number): { size: number; letter: string } {
  if (value < 1e5) return { size: 1, letter: '' };
  return value < 1e6 ? { size: 1e3, letter: 'k' } : { size: 1e6, letter: 'M' };
}

function plain(value: number): string {
  const { size, letter } = unitOf(Math.abs(value));
  return grouped(value / size, Math.max(0, -Math.floor(Math.log10(Math.abs(value / size) || 1) + 1e-9))) + letter;
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
