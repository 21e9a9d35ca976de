import type { BatchResult } from './engine.ts';

/** From what a step gives: loss, penalty, metricSum, count, and the weight of the loss where it is not the count. */
export function batchResult(values: ArrayLike<number>): BatchResult {
  const [loss, penalty, metricSum, count] = [values[0]!, values[1]!, values[2]!, values[3]!];
  return { loss, penalty, metricSum, count, ...(values.length > 4 && { weight: values[4]! }) };
}

/** From what `evaluateBatch` gives for each chunk: sum of losses, metricSum, count, and the weight of the losses where it is not the count; added up in double precision. */
export function evaluationResult(chunks: ArrayLike<number>[]): BatchResult {
  const sum = (i: number) => chunks.reduce((total, chunk) => total + chunk[i]!, 0);
  const count = sum(2);
  const weight = chunks[0] && chunks[0].length > 3 ? { weight: sum(3) } : {};
  const divisor = weight.weight ?? count;
  return { loss: divisor ? sum(0) / divisor : 0, penalty: 0, metricSum: sum(1), count, ...weight };
}
