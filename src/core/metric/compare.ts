import { type Interval, newcombe } from './interval.ts';

/** How far the test value lies from validation, so that larger is better whatever the metric. */
export interface AgainstValidation {
  /** test minus validation, in the metric's unit */
  difference: number;
  better: boolean;
  /** accuracy only: 95 % interval of the difference (Newcombe 1998), for parts that are independent */
  interval: Interval | null;
}

/** @param validation value over `n` items */
export function againstValidation(
  metric: 'accuracy' | 'rmse',
  test: { value: number; n: number },
  validation: { value: number; n: number },
): AgainstValidation {
  const difference = test.value - validation.value;
  const right = (part: { value: number; n: number }) => ({ right: Math.round(part.value * part.n), n: part.n });
  return {
    difference,
    better: metric === 'accuracy' ? difference > 0 : difference < 0,
    interval: metric === 'accuracy' && validation.n > 0 ? newcombe(right(test), right(validation)) : null,
  };
}
