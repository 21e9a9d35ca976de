import type { Tensor } from '@tensorflow/tfjs';
import { hash32 } from '#core/hash32.ts';
import { INPUT } from '#core/model/names.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import { pair } from '#core/model/spec.ts';
import { tf } from '../tfjs.ts';
import type { BatchNormInput, Ops } from './ops.ts';

export type Tensors = ReadonlyMap<string, Tensor>;
/** Training mode needs what its random ops are keyed by. */
export type Mode = { training: false } | { training: true; step: Tensor; seed: number };

/**
 * The model on a batch: x float32 [B, ...] -> answers [B, units], by the weights' names.
 * `statistics` holds batch norm's new running statistics by name, in training mode alone.
 */
export function forward(
  ops: Ops,
  plan: readonly LayerPlan[],
  weights: Tensors,
  x: Tensor,
  mode: Mode,
): { answer: Tensor; statistics: Map<string, Tensor> } {
  const statistics = new Map<string, Tensor>();
  const outputs = new Map([[INPUT, x]]);
  for (const layer of plan) {
    const inputs = layer.inputs.map((name) => outputs.get(name)!);
    outputs.set(
      layer.name,
      ops.scope(layer.name, () => applyLayer(ops, layer, weights, inputs, mode, statistics)),
    );
  }
  const answer = outputs.get(plan.at(-1)!.name)!;
  return { answer, statistics };
}

function applyLayer(
  ops: Ops,
  { name, spec, output, frozen }: LayerPlan,
  weights: Tensors,
  inputs: readonly Tensor[],
  overall: Mode,
  statistics: Map<string, Tensor>,
): Tensor {
  const x = inputs[0]!;
  const mode: Mode = frozen ? { training: false } : overall;
  const weight = (kind: string) => weights.get(`${name}/${kind}`)!;
  switch (spec.type) {
    case 'dense':
    case 'conv2d': {
      const linear =
        spec.type === 'dense'
          ? ops.dense(x, weight('kernel'))
          : ops.conv2d(x, weight('kernel'), pair(spec.strides), spec.padding);
      return ops.activation(spec.activation, spec.bias ? ops.bias(linear, weight('bias')) : linear);
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
    case 'flatten':
      return tf.reshape(x, [x.shape[0]!, output[0]!]);
    case 'dropout':
      return mode.training && spec.rate > 0 ? dropout(ops, x, spec.rate, mode.step, hash32(`${mode.seed}/${name}`)) : x;
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

/** Inverted dropout (Srivastava et al. 2014): zeros with probability `rate`, the rest times 1 / (1 - rate). */
function dropout(ops: Ops, x: Tensor, rate: number, step: Tensor, salt: number): Tensor {
  const kept = tf.cast(tf.greaterEqual(ops.uniform(x.shape, step, salt), rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}
