import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import { tf } from '../tfjs.ts';
import type { Batch, Problem } from './problem.ts';

/** Sums over a batch, so that batches of different sizes add up exactly. */
export interface Sums {
  lossSum: Tensor;
  /** Losses in lossSum: items, or targets present. */
  count: Tensor;
  metricSum: Tensor;
}

/** Loss and metric of the model's `answer` [B, units]. `counted` float32 [B] is 0 for items that only fill up the batch. */
export function measure({ ops, task }: Problem, answer: Tensor, { y, present }: Batch, counted?: Tensor): Sums {
  return ops.scope('loss', () => {
    if (task.kind === 'classification') {
      const each = ops.crossEntropy(answer, y);
      const chosen = tf.argMax(answer, 1);
      // A blended item is right in the share that the chosen class has of it.
      const right =
        y.dtype === 'float32'
          ? tf.sum(tf.mul(tf.oneHot(chosen as Tensor1D, task.classes), y), 1)
          : tf.cast(tf.equal(chosen, y), 'float32');
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
