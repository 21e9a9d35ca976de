import type { Tensor } from '@tensorflow/tfjs';
import type { Objective } from '#core/config/objective.ts';
import { tf } from '../tfjs.ts';

/** Gradients kept from growing too large: torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
export function clip(
  { kind, limit }: NonNullable<Objective['gradientClipping']>,
  gradients: ReadonlyMap<string, Tensor>,
  norm: Tensor,
): Map<string, Tensor> {
  const each = (f: (gradient: Tensor) => Tensor) => new Map([...gradients].map(([name, g]) => [name, f(g)]));
  if (kind === 'value') return each((g) => tf.clipByValue(g, -limit, limit));
  const factor = tf.minimum(1, tf.div(limit, tf.add(norm, 1e-6)));
  return each((g) => tf.mul(g, factor));
}
