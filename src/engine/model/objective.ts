import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { type LayerPlan, plannedWeights } from '#core/model/plan.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { tf } from '../tfjs.ts';
import { forward, type Tensors } from './forward.ts';
import type { Ops } from './ops.ts';

export interface Problem {
  ops: Ops;
  plan: readonly LayerPlan[];
  task: TaskSpec;
  l2: number;
  seed: number;
}

/** A batch as the model takes it: x float32 [B, ...]; y int32 [B], or float32 [B, T] normalised with 0 where missing; present float32 [B, T] of 1 and 0, left out when nothing is missing. */
export interface Batch {
  x: Tensor;
  y: Tensor;
  present?: Tensor | undefined;
}

export interface StepOutputs {
  /** float32 [4]: loss, penalty, metricSum, count. */
  result: Tensor;
  /** Of loss + penalty, by the trainable weights' names. */
  gradients: Map<string, Tensor>;
  /** Batch norm's new running statistics. */
  statistics: Map<string, Tensor>;
}

/** One training step up to the gradients: forward, loss, backward. The caller frees what comes back. */
export function differentiate(
  { ops, plan, task, l2, seed }: Problem,
  weights: Tensors,
  batch: Batch,
  step: Tensor,
): StepOutputs {
  const trainable = plannedWeights([...plan]).filter((w) => w.trainable);
  let sums: Sums | undefined;
  let statistics = new Map<string, Tensor>();
  const { value, grads } = tf.valueAndGrads((...values: Tensor[]) => {
    const named = new Map([...weights, ...trainable.map((w, i) => [w.name, values[i]!] as const)]);
    const out = forward(ops, plan, named, batch.x, { training: true, step, seed });
    sums = measure(ops, task, out.answer, batch);
    statistics = out.statistics;
    for (const t of [sums.metricSum, sums.count, ...statistics.values()]) tf.keep(t);
    return tf.div(sums.lossSum, tf.maximum(sums.count, 1)) as Scalar;
  })(trainable.map((w) => weights.get(w.name)!));
  const gradients = new Map<string, Tensor>();
  let penalty: Tensor = tf.scalar(0);
  trainable.forEach((w, i) => {
    const weight = weights.get(w.name)!;
    const decayed = w.penalised && l2 > 0;
    gradients.set(w.name, decayed ? tf.add(grads[i]!, tf.mul(weight, 2 * l2)) : grads[i]!);
    if (decayed) penalty = tf.add(penalty, tf.mul(tf.sum(tf.square(weight)), l2));
  });
  const result = tf.stack([value, penalty, sums!.metricSum, sums!.count]);
  tf.dispose([sums!.metricSum, sums!.count]);
  return { result, gradients, statistics };
}

/** Inference mode: float32 [3]: sum of losses, their number, metricSum. `counted` float32 [B] is 0 for items that only fill up the batch. */
export function evaluateBatch({ ops, plan, task }: Problem, weights: Tensors, batch: Batch, counted: Tensor): Tensor {
  const { answer } = forward(ops, plan, weights, batch.x, { training: false });
  const { lossSum, count, metricSum } = measure(ops, task, answer, batch, counted);
  return tf.stack([lossSum, count, metricSum]);
}

interface Sums {
  lossSum: Tensor;
  /** Losses in lossSum: items, or targets present. */
  count: Tensor;
  metricSum: Tensor;
}

function measure(ops: Ops, task: TaskSpec, answer: Tensor, { y, present }: Batch, counted?: Tensor): Sums {
  return ops.scope('loss', () => {
    if (task.kind === 'classification') {
      const each = ops.crossEntropy(answer, y);
      const right = tf.cast(tf.equal(tf.argMax(answer, 1), y), 'float32');
      const sum = (t: Tensor) => tf.sum(counted ? tf.mul(t, counted) : t);
      return { lossSum: sum(each), count: counted ? tf.sum(counted) : tf.scalar(y.shape[0]!), metricSum: sum(right) };
    }
    const column = counted && tf.expandDims(counted, 1);
    const mask = present && column ? tf.mul(present, column) : (present ?? column);
    const error = mask ? tf.mul(tf.sub(answer, y), mask) : tf.sub(answer, y);
    const squared = tf.square(error);
    const unit = tf.tensor2d([task.scale.map((s) => s * s)]);
    const count = mask ? tf.sum(mask.shape[1] === y.shape[1] ? mask : tf.mul(mask, tf.onesLike(y))) : tf.scalar(y.size);
    return { lossSum: tf.sum(squared), count, metricSum: tf.sum(tf.mul(squared, unit)) };
  });
}
