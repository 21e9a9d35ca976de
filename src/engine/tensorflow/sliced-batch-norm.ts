import type { Tensor } from '@tensorflow/tfjs';
import { runningStatistics } from '../model/composed-ops.ts';
import type { BatchNormInput } from '../model/ops.ts';
import { tf } from '../tfjs.ts';
import { type Attribute, attr } from './attributes.ts';
import { DType } from './dtypes.ts';
import type { Differentiable, Run } from './fused-ops.ts';

/**
 * Batch norm in training mode over slices [b, H, W, C] of one batch, each computed on a thread of its own, by the statistics of
 * all of them. Only 2 x C numbers of each slice are shared. Each pass over a slice is one of TensorFlow's batch norm kernels:
 * one gives its mean and variance, one normalises; back, one gives the sums, one adds what the statistics hand back.
 */
export function slicedBatchNorm(
  run: Run,
  differentiable: Differentiable,
  xs: readonly Tensor[],
  input: BatchNormInput,
): { ys: Tensor[]; mean: Tensor; variance: Tensor } {
  const { gamma, beta, epsilon } = input;
  const channels = xs[0]!.shape.at(-1)!;
  const counts = xs.map((x) => x.size / channels);
  const n = counts.reduce((a, b) => a + b, 0);
  const vector = (value: number) => tf.fill([channels], value);

  /** [2, C]: mean and biased variance of one slice. */
  const statisticsOf = (x: Tensor, count: number): Tensor =>
    differentiable(
      [x],
      (x) => {
        const unused = vector(0);
        const attributes = batchNormAttributes(epsilon, true);
        const made = run('FusedBatchNormV3', [x, vector(1), unused, unused, unused], attributes, 6);
        return [tf.stack([made[3]!, made[4]!])];
      },
      (dy, [x], [statistics]) => {
        const [slopeOfMean, slopeOfVariance] = tf.unstack(dy) as [Tensor, Tensor];
        const [mean] = tf.unstack(statistics!) as [Tensor];
        // mean' / count + variance' * 2 (x - mean) / count, as one pass of a batch norm whose root is 1.
        const scale = tf.mul(slopeOfVariance, 2 / count);
        const offset = tf.mul(slopeOfMean, 1 / count);
        return run(
          'FusedBatchNormV3',
          [x!, scale, offset, mean, vector(1 - epsilon)],
          batchNormAttributes(epsilon, false),
          6,
        ).slice(0, 1);
      },
    );

  const normalise = (x: Tensor, mean: Tensor, variance: Tensor): Tensor =>
    differentiable(
      [x, gamma, beta, mean, variance],
      (x, gamma, beta, mean, variance) =>
        run('FusedBatchNormV3', [x, gamma, beta, mean, variance], batchNormAttributes(epsilon, false), 6).slice(0, 1),
      (dy, [x, gamma, , mean, variance]) => {
        const [slope, ofGamma, ofBeta] = run(
          'FusedBatchNormGradV3',
          [dy, x!, gamma!, mean!, variance!, vector(0)],
          batchNormAttributes(epsilon, false),
          5,
        ) as [Tensor, Tensor, Tensor];
        const inverse = tf.rsqrt(tf.add(variance!, epsilon));
        const scale = tf.mul(gamma!, inverse);
        const ofMean = tf.neg(tf.mul(scale, ofBeta));
        const ofVariance = tf.mul(tf.mul(tf.mul(scale, inverse), ofGamma), -0.5);
        return [slope, ofGamma, ofBeta, ofMean, ofVariance];
      },
    );

  const own = xs.map((x, i) => tf.unstack(statisticsOf(x, counts[i]!)) as [Tensor, Tensor]);
  const weighted = (values: Tensor[]) => values.map((v, i) => tf.mul(v, counts[i]! / n)).reduce((a, b) => tf.add(a, b));
  const mean = weighted(own.map(([m]) => m));
  // Chan et al. 1979: within the slices, and between them.
  const variance = weighted(own.map(([m, v]) => tf.add(v, tf.square(tf.sub(m, mean)))));
  const running = runningStatistics(input, { mean, variance }, n);
  return {
    ys: xs.map((x) => normalise(x, mean, variance)),
    mean: tf.keep(running.mean),
    variance: tf.keep(running.variance),
  };
}

export function batchNormAttributes(epsilon: number, training: boolean): Attribute[] {
  return [
    attr.type('T', DType.float32),
    attr.type('U', DType.float32),
    attr.float('epsilon', epsilon),
    attr.bool('is_training', training),
  ];
}
