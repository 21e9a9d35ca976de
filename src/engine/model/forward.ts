import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { hash32 } from '#core/hash32.ts';
import { INPUT } from '#core/model/names.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import { type Activation, pair, sides } from '#core/model/spec.ts';
import { tf } from '../tfjs.ts';
import type { BatchNormInput, Ops, Size } from './ops.ts';
import { normal } from './random.ts';
import { upsample } from './upsample.ts';

export type Tensors = ReadonlyMap<string, Tensor>;
/** Training mode needs what its random ops are keyed by. */
export type Mode = { training: false } | { training: true; step: Tensor; seed: number };

/**
 * The model on a batch: x float32 [B, ...] -> answers [B, units], by the weights' names.
 * `statistics` holds batch norm's new running statistics by name, in training mode alone.
 * @param seen hears of each layer's output
 */
export function forward(
  ops: Ops,
  plan: readonly LayerPlan[],
  weights: Tensors,
  x: Tensor,
  mode: Mode,
  seen?: (layer: string, output: Tensor) => void,
): { answer: Tensor; statistics: Map<string, Tensor> } {
  const statistics = new Map<string, Tensor>();
  const outputs = new Map([[INPUT, x]]);
  for (const layer of plan) {
    const inputs = layer.inputs.map((name) => outputs.get(name)!);
    const output = ops.scope(layer.name, () => applyLayer(ops, layer, weights, inputs, mode, statistics));
    seen?.(layer.name, output);
    outputs.set(layer.name, output);
  }
  const answer = outputs.get(plan.at(-1)!.name)!;
  return { answer, statistics };
}

function applyLayer(
  ops: Ops,
  { name, spec, input, output, frozen }: LayerPlan,
  weights: Tensors,
  inputs: readonly Tensor[],
  overall: Mode,
  statistics: Map<string, Tensor>,
): Tensor {
  const x = inputs[0]!;
  const mode: Mode = frozen ? { training: false } : overall;
  const batched = [x.shape[0]!, ...output];
  const salt = ({ seed }: { seed: number }) => hash32(`${seed}/${name}`);
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
      return mode.training && spec.rate > 0 ? dropped(x, spec.rate, ops.uniform(x.shape, mode.step, salt(mode))) : x;
    case 'spatial_dropout': {
      if (!mode.training || spec.rate === 0) return x;
      return dropped(x, spec.rate, ops.uniform([x.shape[0]!, 1, 1, x.shape[3]!], mode.step, salt(mode)));
    }
    case 'gaussian_noise':
      if (!mode.training || spec.stddev === 0) return x;
      return tf.add(x, tf.mul(normal(ops, x.shape, mode.step, salt(mode)), spec.stddev));
    case 'batch_norm': {
      const input: BatchNormInput = {
        gamma: weight('gamma'),
        beta: weight('beta'),
        mean: weight('moving_mean'),
        variance: weight('moving_variance'),
        momentum: spec.momentum,
        epsilon: spec.epsilon,
      };
      const image = x.rank === 2 ? tf.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]) : x;
      if (!mode.training) return tf.reshape(ops.batchNormFixed(image, input), x.shape);
      const { y, mean, variance } = ops.batchNorm(image, input);
      statistics.set(`${name}/moving_mean`, mean).set(`${name}/moving_variance`, variance);
      return tf.reshape(y, x.shape);
    }
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

/** Inverted dropout (Srivastava et al. 2014): zeros where `uniform` in [0, 1) is below `rate`, the rest times 1 / (1 - rate). */
function dropped(x: Tensor, rate: number, uniform: Tensor): Tensor {
  const kept = tf.cast(tf.greaterEqual(uniform, rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}
