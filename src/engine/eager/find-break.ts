import type { Tensor } from '@tensorflow/tfjs';
import { pieces } from '../chunks.ts';
import type { Break, TensorMap } from '../engine.ts';
import { augment, withDraws } from '../model/augment.ts';
import { forward } from '../model/forward.ts';
import { measure } from '../model/loss.ts';
import { differentiate } from '../model/objective.ts';
import type { Batch, Problem } from '../model/problem.ts';
import type { Part } from '../part.ts';
import { onBackend, tf } from '../tfjs.ts';
import { batchTensors, tensorOf } from './eager-fit.ts';

/**
 * Takes one training step apart, operation by operation: the first of weights, input, layers' outputs, loss and gradients that is
 * not finite; null where all are. Changes nothing.
 * @param batch the items of the step alone; `batchSize` at once
 * @param step steps taken before it, which keys the random numbers
 */
export function findBreak(
  backend: string,
  problem: Problem,
  weights: TensorMap,
  batch: Part,
  { batchSize, accumulate, step }: { batchSize: number; accumulate: number; step: number },
): Break | null {
  return onBackend(backend, () => {
    const tensors = new Map([...weights].map(([name, tensor]) => [name, tensorOf(tensor)]));
    for (const { name, weights: own } of problem.plan)
      if (own.some((weight) => isBroken(tensors.get(weight.name)!))) return { what: 'weights', layer: name };
    const places = pieces(
      Int32Array.from({ length: batch.n }, (_, i) => i),
      batchSize,
    );
    for (const [i, indices] of places.entries()) {
      const found = inPiece(problem, tensors, batchTensors(batch, indices), step * accumulate + i);
      if (found) return found;
    }
    return null;
  });
}

function inPiece(problem: Problem, weights: ReadonlyMap<string, Tensor>, given: Batch, key: number): Break | null {
  const { ops, plan, seed } = problem;
  const step = tf.scalar(key, 'int32');
  const keyed = withDraws(problem, given, key);
  const [batch] = augment(problem, [keyed], step) as [Batch];
  if (isBroken(batch.x)) return { what: 'input', layer: null };
  let broken: string | undefined;
  const { answers, statistics } = forward(
    ops,
    plan,
    weights,
    [batch.x],
    { training: true, step, seed },
    (layer, outputs) => {
      if (broken === undefined && outputs.some(isBroken)) broken = layer;
    },
  );
  tf.dispose([...statistics.values()]);
  if (broken !== undefined) return { what: 'output', layer: broken };
  if (isBroken(measure(problem, answers[0]!, batch).lossSum)) return { what: 'loss', layer: null };
  const made = differentiate(problem, weights, keyed, step);
  tf.dispose([...made.statistics.values()]);
  // Gradients are computed from the last layer back.
  const layer = [...plan]
    .reverse()
    .find((each) => each.weights.some(({ name }) => made.gradients.has(name) && isBroken(made.gradients.get(name)!)));
  return layer ? { what: 'gradient', layer: layer.name } : null;
}

function isBroken(tensor: Tensor): boolean {
  return tensor.dataSync().some((value) => !Number.isFinite(value));
}
