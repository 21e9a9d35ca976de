import type { Tensor } from '@tensorflow/tfjs';
import { hash32 } from '#core/hash32.ts';
import { tf } from '../tfjs.ts';
import type { Ops } from './ops.ts';

/** Standard normal numbers from two uniform ones each (Box and Muller 1958), a function of `step` and `salt` alone. */
export function normal(ops: Ops, shape: number[], step: Tensor, salt: number): Tensor {
  // 1 - u lies in (0, 1], so its logarithm is finite.
  const length = tf.sqrt(tf.mul(tf.log(tf.sub(1, ops.uniform(shape, step, salt))), -2));
  const angle = tf.mul(ops.uniform(shape, step, hash32(`${salt}/angle`)), 2 * Math.PI);
  return tf.mul(length, tf.cos(angle));
}
