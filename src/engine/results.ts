import type { BatchResult } from './engine.ts';

/** From what `differentiate` gives: loss, penalty, metricSum, count. */
export function batchResult(values: ArrayLike<number>): BatchResult {
  return { loss: values[0]!, penalty: values[1]!, metricSum: values[2]!, count: values[3]! };
}

/** From what `evaluateBatch` gives for each chunk: sum of losses, their number, metricSum; added up in double precision. */
export function evaluationResult(chunks: ArrayLike<number>[]): BatchResult {
  const sum = (i: number) => chunks.reduce((total, chunk) => total + chunk[i]!, 0);
  const count = sum(1);
  return { loss: count ? sum(0) / count : 0, penalty: 0, metricSum: sum(2), count };
}
