/**
 * Exponential moving average without its bias towards zero at the start, as TensorBoard draws it
 * (tensorboard/webapp/widgets/line_chart_v2, after Kingma and Ba 2014, section 3): s_t = w s_{t-1} + (1 - w) v_t, shown as s_t / (1 - w^t).
 * `weight` in [0, 1); 0 gives the values back. A value that is not finite passes through and leaves the average as it was. O(n).
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let average = 0;
  // weight ^ (values seen), as a product: a power for each point took three times as long.
  let decay = 1;
  return values.map((v) => {
    if (!Number.isFinite(v)) return v;
    decay *= weight;
    average = average * weight + (1 - weight) * v;
    return average / (1 - decay);
  });
}
