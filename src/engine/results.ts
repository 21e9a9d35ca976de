import type { BatchResult, StepResult } from './engine.ts';

/** From what a step gives: loss, penalty, norm of the gradients, metricSum, count, and the weight of the loss where it is not the count. */
export function stepResult(values: ArrayLike<number>): StepResult {
  const [loss, penalty, gradientNorm, metricSum, count] = Array.from(values) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { loss, penalty, gradientNorm, metricSum, count, ...(values.length > 5 && { weight: values[5]! }) };
}

/** From what `evaluateBatch` gives for each chunk: sum of losses, metricSum, count, and the weight of the losses where it is not the count; added up in double precision. */
export function evaluationResult(chunks: ArrayLike<number>[]): BatchResult {
  const sum = (i: number) => chunks.reduce((total, chunk) => total + chunk[i]!, 0);
  const count = sum(2);
  const weight = chunks[0] && chunks[0].length > 3 ? { weight: sum(3) } : {};
  const divisor = weight.weight ?? count;
  return { loss: divisor ? sum(0) / divisor : 0, penalty: 0, metricSum: sum(1), count, ...weight };
}
