import type { Tensor } from '@tensorflow/tfjs';
import { hash32 } from '#core/hash32.ts';
import { INPUT } from '#core/model/names.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import { tf } from '../tfjs.ts';
import { applyLayer, asImages, batchNormInput } from './apply-layer.ts';
import type { Ops } from './ops.ts';
import { postpone } from './postpone.ts';
import { normal } from './random.ts';
import { cutAs, itemsOf } from './shares.ts';

export type Tensors = ReadonlyMap<string, Tensor>;
/** Training mode needs what its random ops are keyed by. */
export type Mode = { training: false } | { training: true; step: Tensor; seed: number };

/**
 * The model on a batch, given in one or more slices: x float32 [b, ...] -> answers [b, units] of each, by the weights' names.
 * `statistics` holds batch norm's new running statistics by name, in training mode alone; they are those of all slices together.
 * @param seen hears of each layer's outputs
 */
export function forward(
  ops: Ops,
  plan: readonly LayerPlan[],
  weights: Tensors,
  xs: readonly Tensor[],
  mode: Mode,
  seen?: (layer: string, outputs: readonly Tensor[]) => void,
): { answers: Tensor[]; statistics: Map<string, Tensor> } {
  const statistics = new Map<string, Tensor>();
  const outputs = new Map<string, readonly Tensor[]>([[INPUT, xs]]);
  // Who looks at each layer wants what the layer itself gives.
  const { plan: layers, activations } = seen ? { plan, activations: undefined } : postpone(plan);
  for (const layer of layers) {
    const inputs = layer.inputs.map((name) => outputs.get(name)!);
    const activation = activations?.get(layer.name) ?? 'linear';
    const made = ops.scope(layer.name, () =>
      (layer.frozen || !mode.training
        ? inferred(ops, layer, weights, inputs)
        : trained(ops, layer, weights, inputs, mode, statistics)
      ).map((output) => ops.activation(activation, output)),
    );
    seen?.(layer.name, made);
    outputs.set(layer.name, made);
  }
  return { answers: [...outputs.get(plan.at(-1)!.name)!], statistics };
}

/** [input][slice] -> [slice]; each slice by itself. */
function inferred(ops: Ops, layer: LayerPlan, weights: Tensors, inputs: readonly (readonly Tensor[])[]): Tensor[] {
  return inputs[0]!.map((_, slice) =>
    applyLayer(
      ops,
      layer,
      weights,
      inputs.map((slices) => slices[slice]!),
    ),
  );
}

/** What of a layer's training mode differs from inference looks at the whole batch: what it draws at random, and batch norm's statistics. */
function trained(
  ops: Ops,
  layer: LayerPlan,
  weights: Tensors,
  inputs: readonly (readonly Tensor[])[],
  { step, seed }: Extract<Mode, { training: true }>,
  statistics: Map<string, Tensor>,
): Tensor[] {
  const { name, spec } = layer;
  const xs = inputs[0]!;
  const salt = hash32(`${seed}/${name}`);
  const batched = (item: readonly number[]) => [itemsOf(xs), ...item];
  const uniform = (item: readonly number[]) => cutAs(ops.uniform(batched(item), step, salt), xs);
  switch (spec.type) {
    case 'dropout':
    case 'spatial_dropout': {
      if (spec.rate === 0) return [...xs];
      const item = xs[0]!.shape.slice(1);
      const drawn = uniform(spec.type === 'dropout' ? item : [1, 1, item.at(-1)!]);
      return xs.map((x, i) => dropped(x, spec.rate, drawn[i]!));
    }
    case 'gaussian_noise': {
      if (spec.stddev === 0) return [...xs];
      const drawn = cutAs(normal(ops, batched(xs[0]!.shape.slice(1)), step, salt), xs);
      return xs.map((x, i) => tf.add(x, tf.mul(drawn[i]!, spec.stddev)));
    }
    case 'batch_norm': {
      const { ys, mean, variance } = ops.batchNorm(xs.map(asImages), batchNormInput(layer, weights));
      statistics.set(`${name}/moving_mean`, mean).set(`${name}/moving_variance`, variance);
      return ys.map((y, i) => tf.reshape(y, xs[i]!.shape));
    }
    default:
      return inferred(ops, layer, weights, inputs);
  }
}

/** Inverted dropout (Srivastava et al. 2014): zeros where `uniform` in [0, 1) is below `rate`, the rest times 1 / (1 - rate). */
function dropped(x: Tensor, rate: number, uniform: Tensor): Tensor {
  const kept = tf.cast(tf.greaterEqual(uniform, rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}
