import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { plannedWeights } from '#core/model/plan.ts';
import { tf } from '../tfjs.ts';
import { augment } from './augment.ts';
import { forward, type Tensors } from './forward.ts';
import { measure, type Sums } from './loss.ts';
import { penalise } from './penalty.ts';
import type { Batch, Problem } from './problem.ts';

export interface StepOutputs {
  /** float32 [4]: loss, penalty, metricSum, count. */
  result: Tensor;
  /** Of loss + penalty, by the trainable weights' names. */
  gradients: Map<string, Tensor>;
  /** Batch norm's new running statistics. */
  statistics: Map<string, Tensor>;
}

/** One training step up to the update. The caller frees what comes back. */
export function differentiate(problem: Problem, weights: Tensors, batch: Batch, step: Tensor): StepOutputs {
  const { loss, sums, gradients, statistics } = lossGradients(problem, weights, augment(problem, batch, step), step);
  const penalty = penalise(problem, weights);
  for (const [name, pull] of penalty.gradients) gradients.set(name, tf.add(gradients.get(name)!, pull));
  const result = tf.stack([loss, penalty.penalty, sums.metricSum, sums.count]);
  tf.dispose([sums.metricSum, sums.count]);
  return { result, gradients, statistics };
}

interface LossGradients {
  /** Mean over the batch. */
  loss: Tensor;
  sums: Pick<Sums, 'metricSum' | 'count'>;
  gradients: Map<string, Tensor>;
  statistics: Map<string, Tensor>;
}

/** Forward, mean loss, backward. */
function lossGradients(problem: Problem, weights: Tensors, batch: Batch, step: Tensor): LossGradients {
  const { ops, plan, seed } = problem;
  const trainable = plannedWeights([...plan]).filter((w) => w.trainable);
  let sums: Sums | undefined;
  let statistics = new Map<string, Tensor>();
  const { value, grads } = tf.valueAndGrads((...values: Tensor[]) => {
    const named = new Map([...weights, ...trainable.map((w, i) => [w.name, values[i]!] as const)]);
    const out = forward(ops, plan, named, batch.x, { training: true, step, seed });
    sums = measure(problem, out.answer, batch);
    statistics = out.statistics;
    for (const t of [sums.metricSum, sums.count, ...statistics.values()]) tf.keep(t);
    return tf.div(sums.lossSum, tf.maximum(sums.count, 1)) as Scalar;
  })(trainable.map((w) => weights.get(w.name)!));
  return { loss: value, sums: sums!, gradients: new Map(trainable.map((w, i) => [w.name, grads[i]!])), statistics };
}

/** Inference mode: float32 [3]: sum of losses, their number, metricSum. `counted` float32 [B] is 0 for items that only fill up the batch. */
export function evaluateBatch(problem: Problem, weights: Tensors, batch: Batch, counted: Tensor): Tensor {
  const { answer } = forward(problem.ops, problem.plan, weights, batch.x, { training: false });
  const { lossSum, count, metricSum } = measure(problem, answer, batch, counted);
  return tf.stack([lossSum, count, metricSum]);
}
