import type { TaskSpec } from '../model/spec.ts';
import { type Interval, wilson } from './interval.ts';
import { CONFIDENCE, chiSquaredQuantile } from './normal.ts';

/** What a test part of n items can prove before it is opened. Nothing here knows any test item, only how many there are. */
export interface PowerPreview {
  n: number;
  /** Value that the model is taken to have: its validation value. */
  expected: number;
  /** 95 % interval that such a result would carry. */
  interval: Interval;
}

/**
 * Classification: Wilson's interval around the expected accuracy.
 * Regression: interval of an RMSE whose errors are normal and independent between items (sum of squares ~ sigma^2 chi-squared_n);
 * the interval after opening is bootstrapped and makes no such assumption, so heavy-tailed errors widen it.
 * @param expected accuracy in [0, 1], or RMSE >= 0 in the target's unit
 * @throws RangeError for n < 1 or a value that can't be
 */
export function powerPreview(n: number, task: TaskSpec['kind'], expected: number): PowerPreview {
  if (!(n >= 1 && expected >= 0)) throw new RangeError(`No preview for n = ${n} and a value of ${expected}.`);
  if (task === 'classification') return { n, expected, interval: wilson(expected * n, n) };
  const tail = (1 - CONFIDENCE) / 2;
  return {
    n,
    expected,
    interval: {
      low: expected * Math.sqrt(n / chiSquaredQuantile(1 - tail, n)),
      high: expected * Math.sqrt(n / Math.max(1e-3, chiSquaredQuantile(tail, n))),
    },
  };
}
