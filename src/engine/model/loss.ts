import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { LossSpec } from '#core/config/objective.ts';
import { tf } from '../tfjs.ts';
import type { Batch, Problem } from './problem.ts';

/** Losses by PyTorch's definitions (torch.nn.functional), each a sum and what it is to be divided by. */

/** Sums over a batch, so that batches of different sizes add up exactly. */
export interface Sums {
  lossSum: Tensor;
  /** What lossSum is to be divided by: `count`, or the sum of the items' class weights. */
  weight: Tensor;
  metricSum: Tensor;
  /** Items, or targets present. */
  count: Tensor;
}

/** Of several slices of a batch. What is the same number, and so the same tensor, in each of them stays so. */
export function addSums(slices: readonly Sums[]): Sums {
  const [first] = slices;
  if (!slices[1]) return first!;
  const total = (pick: (sums: Sums) => Tensor) => tf.addN(slices.map(pick));
  const count = total((s) => s.count);
  return {
    lossSum: total((s) => s.lossSum),
    metricSum: total((s) => s.metricSum),
    count,
    weight: first!.weight === first!.count ? count : total((s) => s.weight),
  };
}

/** Loss and metric of the model's `answer` [B, units]. `counted` float32 [B] is 0 for items that only fill up the batch. */
export function measure(problem: Problem, answer: Tensor, batch: Batch, counted?: Tensor): Sums {
  const of = problem.task.kind === 'classification' ? measureClasses : measureTargets;
  return problem.ops.scope('loss', () => of(problem, answer, batch, counted));
}

function measureClasses(problem: Problem, logits: Tensor, { y }: Batch, counted?: Tensor): Sums {
  const { classWeights } = problem;
  const sum = (t: Tensor) => tf.sum(counted ? tf.mul(t, counted) : t);
  const chosen = tf.argMax(logits, 1);
  // A blended item is right in the share that the chosen class has of it.
  const right = isBlended(y)
    ? tf.sum(tf.mul(tf.oneHot(chosen as Tensor1D, logits.shape[1]!), y), 1)
    : tf.cast(tf.equal(chosen, y), 'float32');
  const count = counted ? tf.sum(counted) : tf.scalar(y.shape[0]!);
  const weights = classWeights && tf.sum(tf.mul(classShares(y, classWeights.length), row(classWeights)), 1);
  return {
    lossSum: sum(classLosses(problem, logits, y, weights)),
    weight: weights ? sum(weights) : count,
    metricSum: sum(right),
    count,
  };
}

const isBlended = (y: Tensor) => y.dtype === 'float32';
const row = (classWeights: readonly number[]) => tf.tensor2d([[...classWeights]]);

/** How much of each class an item is: [B, K]. */
const classShares = (y: Tensor, classes: number) =>
  isBlended(y) ? y : tf.cast(tf.oneHot(y as Tensor1D, classes), 'float32');

/** Of each item, times its class's weight: [B]. */
function classLosses({ ops, loss, classWeights }: Problem, logits: Tensor, y: Tensor, weights: Tensor | null): Tensor {
  const smoothing = 'labelSmoothing' in loss ? loss.labelSmoothing : 0;
  const classes = logits.shape[1]!;
  const weighted = (each: Tensor) => (weights ? tf.mul(each, weights) : each);
  if (loss.kind === 'binary_cross_entropy') {
    const right = classShares(y, classes);
    const wanted = smoothing > 0 ? tf.add(tf.mul(right, 1 - smoothing), smoothing / 2) : right;
    // -t log s(z) - (1 - t) log(1 - s(z)) = (1 - t) z + log(1 + e^-z), which overflows nowhere.
    const each = tf.add(tf.mul(tf.sub(1, wanted), logits), tf.softplus(tf.neg(logits)));
    return weighted(tf.mean(each, 1));
  }
  const logs = () => (classWeights ? tf.mul(tf.logSoftmax(logits), row(classWeights)) : tf.logSoftmax(logits));
  const hard =
    classWeights && isBlended(y) ? tf.neg(tf.sum(tf.mul(logs(), y), 1)) : weighted(ops.crossEntropy(logits, y));
  if (smoothing === 0) return hard;
  const all = tf.sum(logs(), 1);
  return tf.sub(tf.mul(hard, 1 - smoothing), tf.mul(all, smoothing / classes));
}

function measureTargets({ loss, task }: Problem, answer: Tensor, { y, present }: Batch, counted?: Tensor): Sums {
  const scale = task.kind === 'regression' ? task.scale : [];
  const column = counted && tf.expandDims(counted, 1);
  const mask = present && column ? tf.mul(present, column) : (present ?? column);
  const error = mask ? tf.mul(tf.sub(answer, y), mask) : tf.sub(answer, y);
  const squared = tf.square(error);
  const unit = tf.tensor2d([scale.map((s) => s * s)]);
  const count = mask ? tf.sum(mask.shape[1] === y.shape[1] ? mask : tf.mul(mask, tf.onesLike(y))) : tf.scalar(y.size);
  const lossSum = tf.sum(targetLosses(loss, error, squared));
  return { lossSum, weight: count, metricSum: tf.sum(tf.mul(squared, unit)), count };
}

/** Of each target: [B, T], 0 where the error is 0. */
function targetLosses(loss: LossSpec, error: Tensor, squared: Tensor): Tensor {
  if (loss.kind === 'mse') return squared;
  // tfjs gives the absolute value the slope -1 at 0, where a masked error lies; this has 0 there, as PyTorch.
  const distance = tf.mul(error, tf.sign(error));
  if (loss.kind !== 'huber') return distance;
  const inside = tf.minimum(distance, loss.delta);
  return tf.mul(inside, tf.sub(distance, tf.mul(inside, 0.5)));
}
