import type { Tensor } from '@tensorflow/tfjs';
import { plannedWeights, type WeightPlan } from '#core/model/plan.ts';
import { tf } from '../tfjs.ts';
import type { Tensors } from './forward.ts';
import type { Problem } from './problem.ts';

/** Whether L1, L2 and decoupled decay pull on a weight. */
export function isPenalised({ trainable, penalised }: WeightPlan, penalise: Problem['penalise']): boolean {
  return trainable && (penalised || penalise === 'all');
}

/**
 * What the size of the weights costs, apart from the loss: l1 * sum |w| + l2 * sum w^2, and its gradients by the weights' names.
 * Nothing is made where nothing is penalised.
 */
export function penaltyOf(
  { plan, l1, l2, penalise }: Problem,
  weights: Tensors,
): { penalty: Tensor; gradients: Map<string, Tensor> } {
  const gradients = new Map<string, Tensor>();
  let penalty: Tensor = tf.scalar(0);
  for (const planned of l1 > 0 || l2 > 0 ? plannedWeights([...plan]) : []) {
    if (!isPenalised(planned, penalise)) continue;
    const weight = weights.get(planned.name)!;
    const pulls: Tensor[] = [];
    if (l2 > 0) {
      pulls.push(tf.mul(weight, 2 * l2));
      penalty = tf.add(penalty, tf.mul(tf.sum(tf.square(weight)), l2));
    }
    if (l1 > 0) {
      pulls.push(tf.mul(tf.sign(weight), l1));
      penalty = tf.add(penalty, tf.mul(tf.sum(tf.abs(weight)), l1));
    }
    gradients.set(planned.name, pulls.length > 1 ? tf.add(pulls[0]!, pulls[1]!) : pulls[0]!);
  }
  return { penalty, gradients };
}
