import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Activation } from '#core/model/spec.ts';
import { sfc32 } from '#core/random.ts';
import { tf } from '../tfjs.ts';
import { type BatchNormInput, LEAKY_RELU_SLOPE, type Ops, type Padding, type Size } from './ops.ts';
import { joined } from './shares.ts';

/** What a backend has kernels of its own for. */
export type NativeOps = Pick<Ops, 'uniform' | 'normal' | 'transform' | 'rows' | 'norm'>;

/** Every operation from tfjs's own, with tfjs's own gradients: runs on any backend, and is what the fused ones are checked against. */
export function composedOps(native: NativeOps = tfjsOps): Ops {
  return {
    ...native,
    scope(layer, f) {
      try {
        return f();
      } catch (cause) {
        throw new Error(`Layer "${layer}": ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
    },
    onReplica: (_, f) => f(),
    dense: (x, kernel) => tf.matMul(x as Tensor2D, kernel as Tensor2D),
    conv2d: (x, kernel, strides, padding) => tf.conv2d(x as Tensor4D, kernel as Tensor4D, strides, padding),
    depthwiseConv2d: (x, kernel, stride, padding) =>
      tf.depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, stride, padding),
    conv2dTranspose: (x, kernel, size, strides, padding) =>
      tf.conv2dTranspose(x as Tensor4D, kernel as Tensor4D, [x.shape[0]!, ...size, kernel.shape[2]!], strides, padding),
    bias: (x, bias) => tf.add(x, bias),
    pool: (kind, x, size, strides, padding) =>
      kind === 'max'
        ? tf.maxPool(x as Tensor4D, size, strides, padding)
        : averagePool(x as Tensor4D, size, strides, padding),
    activation: (kind, x) => ACTIVATION[kind](x),
    batchNorm(xs, input) {
      const { gamma, beta, epsilon } = input;
      const whole = joined(xs);
      const batch = tf.moments(whole, [0, 1, 2]);
      const scale = tf.mul(tf.rsqrt(tf.add(batch.variance, epsilon)), gamma);
      const ys = xs.map((x) => tf.add(tf.mul(tf.sub(x, batch.mean), scale), beta));
      return { ys, ...runningStatistics(input, batch, whole.size / whole.shape.at(-1)!) };
    },
    batchNormFixed: (x, { gamma, beta, mean, variance, epsilon }) =>
      tf.batchNorm(x as Tensor4D, mean as Tensor1D, variance as Tensor1D, beta as Tensor1D, gamma as Tensor1D, epsilon),
    crossEntropy(logits, labels) {
      const right = labels.dtype === 'float32' ? labels : tf.oneHot(labels as Tensor1D, logits.shape[1]!).toFloat();
      return tf.neg(tf.sum(tf.mul(right, tf.logSoftmax(logits)), 1));
    },
  };
}

/** The new running statistics after a batch with these of its own, over `n` numbers a channel. */
export function runningStatistics(
  { mean, variance, momentum }: BatchNormInput,
  batch: { mean: Tensor; variance: Tensor },
  n: number,
): { mean: Tensor; variance: Tensor } {
  const blend = (old: Tensor, now: Tensor) => tf.add(tf.mul(old, momentum), tf.mul(now, 1 - momentum));
  return {
    mean: blend(mean, batch.mean),
    variance: blend(variance, tf.mul(batch.variance, n / Math.max(1, n - 1))),
  };
}

const tfjsOps: NativeOps = {
  uniform: uniformInJs,
  normal(shape, step, salt) {
    // Box and Muller (1958). 1 - u is never 0.
    const [u, v] = tf.unstack(uniformInJs([2, ...shape], step, salt)) as [Tensor, Tensor];
    return tf.mul(tf.sqrt(tf.mul(tf.log(tf.sub(1, u)), -2)), tf.cos(tf.mul(v, 2 * Math.PI)));
  },
  transform: (images, maps) =>
    tf.image.transform(images as Tensor4D, maps as Tensor2D, 'bilinear', 'constant', 0, [
      images.shape[1]!,
      images.shape[2]!,
    ]),
  rows: (x, places) => tf.gather(x, places),
  norm: (tensors) => tf.sqrt(tf.addN(tensors.map((x) => tf.sum(tf.square(x))))),
};

const ACTIVATION: Record<Activation, (x: Tensor) => Tensor> = {
  linear: (x) => x,
  relu: tf.relu,
  leaky_relu: (x) => tf.leakyRelu(x, LEAKY_RELU_SLOPE),
  elu: tf.elu,
  selu: tf.selu,
  gelu,
  swish,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softmax: (x) => tf.softmax(x),
};

/**
 * The mean over the part of each window that lies in the image. tfjs's own gradient (4.22) divides by the whole window
 * where "same" padding cuts it; so pad with zeros, take the means of whole windows and scale those that were cut.
 */
function averagePool(x: Tensor4D, size: Size, strides: Size, padding: Padding): Tensor {
  if (padding === 'valid') return tf.avgPool(x, size, strides, 'valid');
  const { padInfo: pad, outHeight, outWidth } = tf.backend_util.computePool2DInfo(x.shape, size, strides, 1, 'same');
  const inside = (length: number, axis: 0 | 1, before: number, outputs: number) =>
    Array.from({ length: outputs }, (_, i) => {
      const start = i * strides[axis] - before;
      return Math.min(length, start + size[axis]) - Math.max(0, start);
    });
  const rows = inside(x.shape[1], 0, pad.top, outHeight);
  const columns = inside(x.shape[2], 1, pad.left, outWidth);
  const scale = rows.flatMap((r) => columns.map((c) => (size[0] * size[1]) / (r * c)));
  const padded = tf.pad(x, [
    [0, 0],
    [pad.top, pad.bottom],
    [pad.left, pad.right],
    [0, 0],
  ]);
  return tf.mul(tf.avgPool(padded, size, strides, 'valid'), tf.tensor4d(scale, [1, outHeight, outWidth, 1]));
}

/** x * Phi(x), exact (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** x * sigmoid(x) (Ramachandran et al. 2017). */
export function swish(x: Tensor): Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

function uniformInJs(shape: number[], step: Tensor, salt: number): Tensor {
  const next = sfc32(step.dataSync()[0]!, salt, 0);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (next() >>> 8) / 2 ** 24),
    shape,
  );
}
