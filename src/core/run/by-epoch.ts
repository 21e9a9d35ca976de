/**
 * One point an epoch: the mean of its values, at its last step and time; the last step counts by the share of a whole batch
 * that it holds (`lastBatch`, in (0, 1]), so that the mean is one over items. Only epochs that are complete, so that a point
 * never changes once it was shown. A series with one point an epoch comes back as it is. O(points).
 */
export function byEpoch(
  series: { steps: readonly number[]; times: readonly number[]; values: readonly number[] },
  stepsPerEpoch: number,
  lastStep: number,
  lastBatch: number,
): { steps: number[]; times: number[]; values: number[] } {
  const out = { steps: [] as number[], times: [] as number[], values: [] as number[] };
  const { steps, times, values } = series;
  for (let i = 0; i < steps.length; ) {
    const end = Math.max(1, Math.ceil(steps[i]! / stepsPerEpoch)) * stepsPerEpoch;
    let sum = 0;
    let weights = 0;
    for (; i < steps.length && steps[i]! <= end; i++) {
      const weight = steps[i] === end ? lastBatch : 1;
      sum += weight * values[i]!;
      weights += weight;
    }
    if (lastStep < end) break;
    out.steps.push(end);
    out.times.push(times[i - 1]!);
    out.values.push(sum / weights);
  }
  return out;
}
