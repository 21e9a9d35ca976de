/** How many numbers lie where: bins of equal width from the smallest to the largest. */
export interface Histogram {
  min: number;
  max: number;
  /** of HISTOGRAM_BINS bins */
  counts: Uint32Array;
}

export const HISTOGRAM_BINS = 40;

/** Of all arrays together; what is no finite number counts nowhere. Null where nothing is finite. Two passes, O(n). */
export function histogramOf(arrays: readonly Float32Array[]): Histogram | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const values of arrays)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < min && value !== Number.NEGATIVE_INFINITY) min = value;
      if (value > max && value !== Number.POSITIVE_INFINITY) max = value;
    }
  if (min > max) return null;
  const counts = new Uint32Array(HISTOGRAM_BINS);
  const binsAUnit = max > min ? HISTOGRAM_BINS / (max - min) : 0;
  for (const values of arrays)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      // NaN and infinities belong to no bin, the largest to the last one.
      if (!(value >= min && value <= max)) continue;
      const bin = ((value - min) * binsAUnit) | 0;
      counts[bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1]!++;
    }
  return { min, max, counts };
}
