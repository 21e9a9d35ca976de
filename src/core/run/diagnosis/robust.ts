/** Medians, because one wild epoch must not move a verdict. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0
    ? Number.NaN
    : sorted.length % 2
      ? sorted[middle]!
      : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/**
 * Standard deviation of what a series does from point to point beside its trend: each point against the middle of its neighbours, which a
 * steep but even fall leaves at zero. 1.4826 MAD estimates it for a normal distribution (Rousseeuw and Croux 1993); the comparison of one
 * point with a mean of two holds 1.5 times its variance. In the unit of the values; 0 below three of them.
 */
export function noiseOf(values: readonly number[]): number {
  const off = values.slice(1, -1).map((value, i) => Math.abs(value - (values[i]! + values[i + 2]!) / 2));
  return off.length === 0 ? 0 : (1.4826 * median(off)) / Math.sqrt(1.5);
}
