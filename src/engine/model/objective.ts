import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { plannedWeights } from '#core/model/plan.ts';
import { tf } from '../tfjs.ts';
import { augment } from './augment.ts';
import { clip } from './clip.ts';
import { forward, type Tensors } from './forward.ts';
import { addSums, measure, type Sums } from './loss.ts';
import { penaltyOf } from './penalty.ts';
import type { Batch, Problem } from './problem.ts';
import { cutAs, meanByItems, ofReplica, shareOf, sharesOf, slicesOf, sumOf } from './shares.ts';

export interface StepOutputs {
  /** float32 [5]: loss, penalty, norm of the gradients before clipping, metricSum, count; with class weights [6]: and the weight of the loss. */
  result: Tensor;
  /** What the optimiser is to follow, by the trainable weights' names. */
  gradients: Map<string, Tensor>;
  /** Batch norm's new running statistics. */
  statistics: Map<string, Tensor>;
}

/** One training step up to the update. The caller frees what comes back. */
export function differentiate(problem: Problem, weights: Tensors, batch: Batch, step: Tensor): StepOutputs {
  if (problem.replicas > 1) {
    const { sums, gradients, statistics } = differentiateSum(problem, weights, batch, step);
    return { ...finishSum(problem, weights, sums, gradients), statistics };
  }
  const { loss, sums, gradients, statistics } = lossGradients(problem, weights, batch, step);
  const finished = finish(problem, weights, gradients);
  const result = tf.stack([loss, finished.penalty, finished.norm, ...counts(sums)]);
  tf.dispose(Object.values(sums));
  return { result, gradients: finished.gradients, statistics };
}

type Counts = Omit<Sums, 'lossSum'>;

const counts = ({ metricSum, count, weight }: Counts) =>
  weight === count ? [metricSum, count] : [metricSum, count, weight];

interface LossGradients {
  /** Mean over the batch. */
  loss: Tensor;
  sums: Counts;
  /** Of the mean loss, by the trainable weights' names. */
  gradients: Map<string, Tensor>;
  statistics: Map<string, Tensor>;
}

/** Augmentation, forward, mean loss, backward. */
function lossGradients(problem: Problem, weights: Tensors, given: Batch, step: Tensor): LossGradients {
  const { ops, plan, seed, classWeights } = problem;
  const slices = augment(problem, slicesOf(given, problem), step);
  const trainable = plannedWeights([...plan]).filter((w) => w.trainable);
  let sums: Sums | undefined;
  let statistics = new Map<string, Tensor>();
  const { value, grads } = tf.valueAndGrads((...values: Tensor[]) => {
    const named = new Map([...weights, ...trainable.map((w, i) => [w.name, values[i]!] as const)]);
    const xs = slices.map(({ x }) => x);
    const out = forward(ops, plan, named, xs, { training: true, step, seed });
    sums = addSums(out.answers.map((answer, i) => measure(problem, answer, slices[i]!)));
    statistics = out.statistics;
    const { metricSum, count, weight } = sums;
    for (const t of [metricSum, count, weight, ...statistics.values()]) tf.keep(t);
    return tf.div(sums.lossSum, atLeast(weight, classWeights ? TINY : 1)) as Scalar;
  })(trainable.map((w) => weights.get(w.name)!));
  const { metricSum, count, weight } = sums!;
  return {
    loss: value,
    sums: { metricSum, count, weight },
    gradients: new Map(trainable.map((w, i) => [w.name, grads[i]!])),
    statistics,
  };
}

/** A batch without a single target has loss 0, not 0 / 0. */
const TINY = 1e-12;
const atLeast = (weight: Tensor, least: number) => tf.maximum(weight, least);

/** From the gradients of the mean loss to what the optimiser follows: the penalty's added, then clipped. */
function finish(
  problem: Problem,
  weights: Tensors,
  gradients: ReadonlyMap<string, Tensor>,
): { penalty: Tensor; norm: Tensor; gradients: Map<string, Tensor> } {
  const { penalty, gradients: pulls } = penaltyOf(problem, weights);
  const pulled = new Map(gradients);
  for (const [name, pull] of pulls) pulled.set(name, tf.add(gradients.get(name)!, pull));
  const norm = problem.ops.norm([...pulled.values()]);
  return {
    penalty,
    norm,
    gradients: problem.gradientClipping ? clip(problem.gradientClipping, pulled, norm) : pulled,
  };
}

/**
 * One of several batches that make one update. What comes back adds up: `sums` float32 [4]: losses, metricSum, count and weight,
 * and the gradients of the sum of the losses.
 */
export function differentiateSum(problem: Problem, weights: Tensors, batch: Batch, step: Tensor): SumOutputs {
  const shares = sharesOf(batch.x.shape[0]!, problem.replicas);
  const replicas = shares.map((share, r) => {
    const [own, items] = shares.length > 1 ? [ofReplica(problem, r), shareOf(batch, share)] : [problem, batch];
    return problem.ops.onReplica(r, () => ownSum(own, weights, items, step));
  });
  if (!replicas[1]) return replicas[0]!;
  const statistics = meanByItems(
    replicas.map((made) => made.statistics),
    shares,
  );
  for (const made of replicas) tf.dispose([...made.statistics.values()]);
  for (const mean of statistics.values()) tf.keep(mean);
  return {
    sums: tf.addN(replicas.map((made) => made.sums)),
    gradients: sumOf(replicas.map((made) => made.gradients)),
    statistics,
  };
}

type SumOutputs = Omit<StepOutputs, 'result'> & { sums: Tensor };

function ownSum(problem: Problem, weights: Tensors, batch: Batch, step: Tensor): SumOutputs {
  const { loss, sums, gradients, statistics } = lossGradients(problem, weights, batch, step);
  const { metricSum, count, weight } = sums;
  const stacked = tf.stack([tf.mul(loss, weight), metricSum, count, weight]);
  const summed = new Map([...gradients].map(([name, g]) => [name, tf.mul(g, weight)]));
  tf.dispose(Object.values(sums));
  return { sums: stacked, gradients: summed, statistics };
}

/** The update by what several batches' differentiateSum added up to: as `differentiate` gives for one batch of all their items. */
export function finishSum(
  problem: Problem,
  weights: Tensors,
  sums: Tensor,
  gradients: ReadonlyMap<string, Tensor>,
): Omit<StepOutputs, 'statistics'> {
  const [lossSum, metricSum, count, weight] = tf.unstack(sums) as [Tensor, Tensor, Tensor, Tensor];
  const divisor = atLeast(weight, problem.classWeights ? TINY : 1);
  const means = new Map([...gradients].map(([name, g]) => [name, tf.div(g, divisor)]));
  const finished = finish(problem, weights, means);
  const own = counts({ metricSum, count, weight: problem.classWeights ? weight : count });
  return {
    result: tf.stack([tf.div(lossSum, divisor), finished.penalty, finished.norm, ...own]),
    gradients: finished.gradients,
  };
}

/** Inference mode: float32 [3]: sum of losses, metricSum, count; with class weights [4]: and the weight of the losses. `counted` float32 [B] is 0 for items that only fill up the batch. */
export function evaluateBatch(problem: Problem, weights: Tensors, batch: Batch, counted: Tensor): Tensor {
  const slices = slicesOf({ ...batch, draws: undefined }, problem);
  const xs = slices.map(({ x }) => x);
  const { answers } = forward(problem.ops, problem.plan, weights, xs, { training: false });
  const masks = cutAs(counted, xs);
  const { lossSum, ...sums } = addSums(answers.map((answer, i) => measure(problem, answer, slices[i]!, masks[i]!)));
  return tf.stack([lossSum, ...counts(sums)]);
}
