import type { Tensor } from '@tensorflow/tfjs';
import { plannedWeights } from '#core/model/plan.ts';
import { tf } from '../tfjs.ts';
import type { Tensors } from './forward.ts';
import type { Problem } from './problem.ts';

/** What the size of the weights costs, apart from the loss, and its gradients by the weights' names. Nothing is made where nothing is penalised. */
export function penalise({ plan, l2 }: Problem, weights: Tensors): { penalty: Tensor; gradients: Map<string, Tensor> } {
  const gradients = new Map<string, Tensor>();
  let penalty: Tensor = tf.scalar(0);
  for (const { name, trainable, penalised } of l2 > 0 ? plannedWeights([...plan]) : []) {
    if (!trainable || !penalised) continue;
    const weight = weights.get(name)!;
    gradients.set(name, tf.mul(weight, 2 * l2));
    penalty = tf.add(penalty, tf.mul(tf.sum(tf.square(weight)), l2));
  }
  return { penalty, gradients };
}
