import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { LayerPlan } from '#core/model/plan.ts';
import { type Activation, pair, sides } from '#core/model/spec.ts';
import { tf } from '../tfjs.ts';
import type { Tensors } from './forward.ts';
import type { BatchNormInput, Ops, Size } from './ops.ts';
import { upsample } from './upsample.ts';

/** One layer in inference mode: what it reads, float32 [B, ...] each, -> [B, ...]. Items do not see each other. */
export function applyLayer(ops: Ops, layer: LayerPlan, weights: Tensors, inputs: readonly Tensor[]): Tensor {
  const { name, spec, input, output } = layer;
  const x = inputs[0]!;
  const batched = [x.shape[0]!, ...output];
  const weight = (kind: string) => weights.get(`${name}/${kind}`)!;
  const activated = (layer: { activation: Activation; bias: boolean }, linear: Tensor) =>
    ops.activation(layer.activation, layer.bias ? ops.bias(linear, weight('bias')) : linear);
  switch (spec.type) {
    case 'dense':
      return activated(spec, ops.dense(x, weight('kernel')));
    case 'conv2d':
      return activated(spec, ops.conv2d(x, weight('kernel'), pair(spec.strides), spec.padding));
    case 'depthwise_conv2d':
      return activated(spec, ops.depthwiseConv2d(x, weight('kernel'), spec.strides, spec.padding));
    case 'separable_conv2d': {
      const spread = ops.depthwiseConv2d(x, weight('depthwise_kernel'), spec.strides, spec.padding);
      return activated(spec, ops.conv2d(spread, weight('pointwise_kernel'), [1, 1], 'valid'));
    }
    case 'conv2d_transpose': {
      const size: Size = [output[0]!, output[1]!];
      return activated(spec, ops.conv2dTranspose(x, weight('kernel'), size, pair(spec.strides), spec.padding));
    }
    case 'max_pool2d':
    case 'average_pool2d':
      return ops.pool(
        spec.type === 'max_pool2d' ? 'max' : 'average',
        x,
        pair(spec.poolSize),
        pair(spec.strides ?? spec.poolSize),
        spec.padding,
      );
    case 'global_average_pool2d':
      return tf.mean(x, [1, 2]);
    case 'global_max_pool2d': {
      const size: Size = [input[0]!, input[1]!];
      return tf.reshape(ops.pool('max', x, size, size, 'valid'), batched);
    }
    case 'flatten':
    case 'reshape':
      return tf.reshape(x, batched);
    case 'zero_padding2d':
      return tf.pad(x, [[0, 0], ...sides(spec.padding), [0, 0]]);
    case 'cropping2d': {
      const [[top], [left]] = sides(spec.cropping);
      return tf.slice(x, [0, top, left, 0], batched);
    }
    case 'upsampling2d':
      return upsample(x as Tensor4D, pair(spec.size), spec.interpolation);
    case 'dropout':
    case 'spatial_dropout':
    case 'gaussian_noise':
      return x;
    case 'batch_norm':
      return tf.reshape(ops.batchNormFixed(asImages(x), batchNormInput(layer, weights)), x.shape);
    case 'layer_norm': {
      const { mean, variance } = tf.moments(x, -1, true);
      const scale = tf.mul(tf.rsqrt(tf.add(variance, spec.epsilon)), weight('gamma'));
      return tf.add(tf.mul(tf.sub(x, mean), scale), weight('beta'));
    }
    case 'activation':
      return ops.activation(spec.activation, x);
    case 'add':
      return inputs.reduce((sum, input) => tf.add(sum, input));
    case 'residual':
      return ops.activation(spec.activation, tf.add(x, inputs[1]!));
    case 'concatenate':
      return tf.concat([...inputs], x.rank - 1);
  }
}

/** Batch norm's operations want [B, H, W, C]. */
export function asImages(x: Tensor): Tensor {
  return x.rank === 2 ? tf.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]) : x;
}

export function batchNormInput({ name, spec }: LayerPlan, weights: Tensors): BatchNormInput {
  if (spec.type !== 'batch_norm') throw new Error(`Layer "${name}" is no batch norm`);
  const weight = (kind: string) => weights.get(`${name}/${kind}`)!;
  return {
    gamma: weight('gamma'),
    beta: weight('beta'),
    mean: weight('moving_mean'),
    variance: weight('moving_variance'),
    momentum: spec.momentum,
    epsilon: spec.epsilon,
  };
}
