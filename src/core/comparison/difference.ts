import { studentQuantile } from '../metric/student.ts';

/** One figure of one run. */
export interface Seen {
  seed: number;
  value: number;
}

export interface Difference {
  base: Spread;
  changed: Spread;
  /** changed minus base, in the figure's unit */
  mean: number;
  /** 95 %, by Student's t; null where a single seed shows nothing of noise */
  interval: { low: number; high: number } | null;
  /** seeds that both sides have; 0 where the sides were compared as they are */
  pairs: number;
}

export interface Spread {
  n: number;
  mean: number;
  /** between seeds; null below two */
  sd: number | null;
}

/**
 * How far `changed` lies from `base`. Runs of one seed start from the same weights and see the items in the same order, so
 * they are compared pair by pair, and what seeds have in common falls out (paired t). Where fewer than two seeds pair, the
 * sides are compared as independent (Welch 1947). null where a side has nothing. O(n).
 */
export function differenceOf(base: readonly Seen[], changed: readonly Seen[]): Difference | null {
  const finite = (side: readonly Seen[]) => side.filter((one) => Number.isFinite(one.value));
  const [a, b] = [finite(base), finite(changed)];
  if (a.length === 0 || b.length === 0) return null;
  const bySeed = new Map(a.map((one) => [one.seed, one.value]));
  const paired = b.flatMap((one) => (bySeed.has(one.seed) ? [one.value - bySeed.get(one.seed)!] : []));
  const sides = { base: spread(a.map((one) => one.value)), changed: spread(b.map((one) => one.value)) };
  if (paired.length > 0 && (paired.length > 1 || a.length < 2 || b.length < 2)) {
    const { mean, sd, n } = spread(paired);
    return { ...sides, mean, interval: sd === null ? null : around(mean, sd / Math.sqrt(n), n - 1), pairs: n };
  }
  const mean = sides.changed.mean - sides.base.mean;
  return { ...sides, mean, interval: welch(sides.base, sides.changed, mean), pairs: 0 };
}

export function spread(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { n, mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}

function welch(a: Spread, b: Spread, mean: number): Difference['interval'] {
  if (a.sd === null || b.sd === null) return null;
  const [va, vb] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  if (va + vb === 0) return { low: mean, high: mean };
  return around(mean, Math.sqrt(va + vb), (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1)));
}

function around(mean: number, error: number, degrees: number) {
  const half = studentQuantile(degrees) * error;
  return { low: mean - half, high: mean + half };
}
