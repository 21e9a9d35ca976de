import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { Activation } from '#core/model/spec.ts';

/** The operations that layers and losses are made of. Each has its gradient. Composed of tfjs's own, or TensorFlow's fused ones. */

export type Padding = 'valid' | 'same';
export type Size = [height: number, width: number];

export interface BatchNormInput {
  gamma: Tensor;
  beta: Tensor;
  mean: Tensor;
  variance: Tensor;
  momentum: number;
  epsilon: number;
}

export interface Ops {
  /** What `f` makes belongs to `layer`: errors and graph nodes carry its name. */
  scope<T>(layer: string, f: () => T): T;
  /** What `f` makes is computed by the device of replica `replica`, where there are several. */
  onReplica<T>(replica: number, f: () => T): T;
  /** [B, in] x [in, out] -> [B, out] */
  dense(x: Tensor, kernel: Tensor): Tensor;
  /** [B, H, W, C] * [kh, kw, C, F] -> [B, H', W', F] */
  conv2d(x: Tensor, kernel: Tensor, strides: Size, padding: Padding): Tensor;
  /** [B, H, W, C] * [kh, kw, C, M] -> [B, H', W', C * M]: each channel with M kernels of its own; one stride for both directions. */
  depthwiseConv2d(x: Tensor, kernel: Tensor, stride: number, padding: Padding): Tensor;
  /** The gradient of conv2d as a layer: [B, H, W, C] * [kh, kw, F, C] -> [B, `size`, F]. */
  conv2dTranspose(x: Tensor, kernel: Tensor, size: Size, strides: Size, padding: Padding): Tensor;
  /** Adds [C] along the last axis. */
  bias(x: Tensor, bias: Tensor): Tensor;
  pool(kind: 'max' | 'average', x: Tensor, size: Size, strides: Size, padding: Padding): Tensor;
  activation(kind: Activation, x: Tensor): Tensor;
  /**
   * Training mode over slices [b, H, W, C] of a batch: normalises each by the whole batch's own statistics (biased variance) and
   * returns the new running ones: momentum * old + (1 - momentum) * batch, the batch's variance unbiased, as TensorFlow and PyTorch do.
   */
  batchNorm(xs: readonly Tensor[], input: BatchNormInput): { ys: Tensor[]; mean: Tensor; variance: Tensor };
  /** Inference mode, by the running statistics. */
  batchNormFixed(x: Tensor, input: BatchNormInput): Tensor;
  /** Softmax cross-entropy of each item, in nats: logits [B, K], labels int32 [B] or shares of classes float32 [B, K] -> [B]. */
  crossEntropy(logits: Tensor, labels: Tensor): Tensor;
  /** Uniform in [0, 1), a function of `step` (int32 scalar) and `salt` alone. */
  uniform(shape: number[], step: Tensor, salt: number): Tensor;
  /** Standard normal, the same way. */
  normal(shape: number[], step: Tensor, salt: number): Tensor;
  /**
   * images [B, H, W, C], maps [B, 8]: the new image's pixel (column x, row y) is read at (a x + b y + c, d x + e y + f) of the old,
   * between pixels linearly, 0 outside; a to f are a map's first six numbers, the rest 0. No gradient.
   */
  transform(images: Tensor, maps: Tensor): Tensor;
  /** Euclidean, of all numbers of all tensors together: float32 scalar. No gradient. */
  norm(tensors: Tensor[]): Tensor;
  /** The rows of x [B, ...] at int32 [b]. No gradient. */
  rows(x: Tensor, places: Tensor1D): Tensor;
}

/** PyTorch's default; Keras has 0.3 and TensorFlow 0.2. */
export const LEAKY_RELU_SLOPE = 0.01;
