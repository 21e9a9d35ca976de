import { randomFromDigest } from '../random.ts';
import { CONFIDENCE, normalCdf, normalQuantile } from './normal.ts';

/** A two-sided 95 % interval, in the unit of what it is about. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * Wilson's score interval of a proportion (Wilson 1927). Chosen over Clopper-Pearson, which is never too short but too
 * long for small n (coverage well above 95 %), and over Wald, which fails near 0 and 1: Brown, Cai and DasGupta 2001.
 * @throws RangeError unless 0 <= right <= n and n >= 1
 */
export function wilson(right: number, n: number): Interval {
  if (!(n >= 1 && right >= 0 && right <= n)) throw new RangeError(`No proportion: ${right} of ${n}.`);
  const z = normalQuantile((1 + CONFIDENCE) / 2);
  const p = right / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // At the ends the formula gives exactly 0 and 1 but for rounding.
  return { low: right === 0 ? 0 : Math.max(0, centre - half), high: right === n ? 1 : Math.min(1, centre + half) };
}

/**
 * Interval of a difference of two independent proportions, a - b (Newcombe 1998, method 10: of the two Wilson intervals).
 */
export function newcombe(a: { right: number; n: number }, b: { right: number; n: number }): Interval {
  const p = a.right / a.n;
  const q = b.right / b.n;
  const wa = wilson(a.right, a.n);
  const wb = wilson(b.right, b.n);
  return {
    low: p - q - Math.hypot(p - wa.low, wb.high - q),
    high: p - q + Math.hypot(wa.high - p, q - wb.low),
  };
}

/** Resamples: 10,000 where that takes about a second, never under 1,000 (Efron and Tibshirani 1993, ch. 14: 1,000 for BCa). */
export function resamples(n: number): number {
  return Math.max(1_000, Math.min(10_000, Math.floor(2e8 / n)));
}

/**
 * BCa bootstrap interval (Efron 1987; DiCiccio and Efron 1996) of transform(sum of numerators / sum of denominators),
 * resampling whole items, so that targets of one item (the points of one face) stay together.
 * Repeatable: the draws follow from `seed`. O(n * resamples(n)).
 * @param numerator float64 [N] one sum an item, e.g. of squared errors
 * @param denominator float64 [N] how many values it sums; 0 for an item whose targets are all missing
 * @param transform increasing, e.g. Math.sqrt
 * @param seed hexadecimal digest
 * @returns null where fewer than two items have a value: nothing can be said about chance
 */
export function bootstrapRatio(
  numerator: Float64Array,
  denominator: Float64Array,
  transform: (ratio: number) => number,
  seed: string,
): Interval | null {
  const present: number[] = [];
  let sum = 0;
  let count = 0;
  for (let i = 0; i < numerator.length; i++) {
    if (denominator[i]! > 0) present.push(i);
    sum += numerator[i]!;
    count += denominator[i]!;
  }
  const n = present.length;
  if (n < 2) return null;
  const value = transform(sum / count);

  const next = randomFromDigest(seed);
  const draws = new Float64Array(resamples(n));
  let below = 0;
  for (let b = 0; b < draws.length; b++) {
    let s = 0;
    let c = 0;
    for (let i = 0; i < n; i++) {
      // Bias of scaling 32 bits is at most n / 2^32, far under the noise of the bootstrap itself.
      const item = present[Math.floor((next() / 2 ** 32) * n)]!;
      s += numerator[item]!;
      c += denominator[item]!;
    }
    const draw = transform(s / c);
    draws[b] = draw;
    below += draw < value ? 1 : draw === value ? 0.5 : 0;
  }
  draws.sort();
  if (draws[0] === draws[draws.length - 1]) return { low: value, high: value };

  // Acceleration from the jackknife, which is closed for a ratio of sums.
  const left = present.map((i) => transform((sum - numerator[i]!) / (count - denominator[i]!)));
  const mean = left.reduce((a, b) => a + b, 0) / n;
  let cubes = 0;
  let squares = 0;
  for (const v of left) {
    cubes += (mean - v) ** 3;
    squares += (mean - v) ** 2;
  }
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  const bias = normalQuantile(Math.min(Math.max(below, 0.5), draws.length - 0.5) / draws.length);

  const at = (p: number) => {
    const z = bias + normalQuantile(p);
    const level = normalCdf(bias + z / Math.max(1e-9, 1 - acceleration * z));
    return draws[Math.min(draws.length - 1, Math.max(0, Math.floor(level * (draws.length + 1)) - 1))]!;
  };
  const low = at((1 - CONFIDENCE) / 2);
  const high = at((1 + CONFIDENCE) / 2);
  return { low: Math.min(low, value), high: Math.max(high, value) };
}
