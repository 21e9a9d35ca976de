/** Errors in the target's own unit; missing targets (NaN) count for nothing. One pass: O(items * targets). */
export interface RegressionScore {
  n: number;
  /** Targets that are present, over all items. */
  present: number;
  /** Root of the mean squared error over present targets; null where a prediction is not finite. For keypoints: pixels, over x and y alike. */
  rmse: number | null;
  mae: number | null;
  /** 1 - residual / total sum of squares, averaged over the targets that vary, as scikit-learn's r2_score; null where none does. */
  r2: number | null;
  /** float64 [N]: sum of squared errors of each item, and of how many targets, for intervals that resample items. */
  squaredErrors: Float64Array;
  counts: Float64Array;
}

/**
 * @param predictions float32 [N, T], row-major, in the target's own unit
 * @param targets float32 [N, T], NaN = missing
 * @throws RangeError where shapes don't agree or no target is present
 */
export function scoreRegression(predictions: Float32Array, targets: Float32Array, width: number): RegressionScore {
  const n = targets.length / width;
  if (!Number.isInteger(n) || n === 0 || predictions.length !== targets.length) {
    throw new RangeError(`${predictions.length} predictions don't fit ${targets.length} values of ${width} targets.`);
  }
  const squaredErrors = new Float64Array(n);
  const counts = new Float64Array(n);
  const columns = Array.from({ length: width }, () => ({ count: 0, mean: 0, total: 0, residual: 0 }));
  let squares = 0;
  let absolute = 0;
  let present = 0;
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < width; t++) {
      const y = targets[i * width + t]!;
      if (Number.isNaN(y)) continue;
      const error = predictions[i * width + t]! - y;
      squaredErrors[i]! += error * error;
      counts[i]!++;
      squares += error * error;
      absolute += Math.abs(error);
      present++;
      // Welford 1962: the sum of squares about the mean without cancellation.
      const column = columns[t]!;
      const delta = y - column.mean;
      column.count++;
      column.mean += delta / column.count;
      column.total += delta * (y - column.mean);
      column.residual += error * error;
    }
  }
  if (present === 0) throw new RangeError('Every target is missing, so there is nothing to score.');
  const varying = columns.filter((c) => c.total > 0).map((c) => 1 - c.residual / c.total);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    n,
    present,
    rmse: finite(Math.sqrt(squares / present)),
    mae: finite(absolute / present),
    r2: varying.length > 0 ? finite(varying.reduce((a, b) => a + b, 0) / varying.length) : null,
    squaredErrors,
    counts,
  };
}
