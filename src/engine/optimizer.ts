import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { OptimizerSpec } from '#core/config/run-config.ts';
import type { FitSpec } from './engine.ts';
import { tf } from './tfjs.ts';

/** Optimisers by PyTorch 2's definitions (torch.optim), so that a rate found there holds here. */

export type Slot = 'momentum' | 'first_moment' | 'second_moment' | 'sum_of_squares';

/** The arrays, as long as each weight, that an optimiser carries from step to step; all start at zero. */
export function slotsOf(spec: OptimizerSpec): Slot[] {
  if (spec.kind === 'sgd') return spec.momentum > 0 ? ['momentum'] : [];
  if (spec.kind === 'adagrad') return ['sum_of_squares'];
  if (spec.kind === 'rmsprop') return spec.momentum > 0 ? ['second_moment', 'momentum'] : ['second_moment'];
  return ['first_moment', 'second_moment'];
}

/** The optimiser for a weight that decoupled decay leaves alone. */
export function withoutDecay(spec: OptimizerSpec): OptimizerSpec {
  if (spec.kind !== 'adamw') return spec;
  const { weightDecay: _, ...adam } = spec;
  return { ...adam, kind: 'adam' };
}

/** Numbers that change with the step. */
export interface StepScalars {
  /** The learning rate; Adam's includes both bias corrections. */
  rate: number;
  /** Adam's epsilon, brought to where bias correction is already in the rate; else as configured. */
  epsilon: number;
  /** AdamW: what every weight is multiplied with before the update. */
  decay: number;
  /** What the weights' average takes on of the weights; there where averages are kept. */
  taken?: number;
}

/**
 * `step` counts from 1. Adam's corrections are worked out here in double precision: 1 - beta^t in float32 is wrong by 5e-5 in the first steps.
 * sqrt(v / (1 - b2^t)) + eps = (sqrt(v) + eps * sqrt(1 - b2^t)) / sqrt(1 - b2^t) (Kingma and Ba 2015, section 2).
 */
export function stepScalars(
  { optimizer, ema }: Pick<FitSpec, 'optimizer' | 'ema'>,
  learningRate: number,
  step: number,
): StepScalars {
  const scalars = optimizerScalars(optimizer, learningRate, step);
  // The average begins as the first step's weights, as torch.optim.swa_utils.AveragedModel does.
  return ema ? { ...scalars, taken: step === 1 ? 1 : 1 - ema.decay } : scalars;
}

function optimizerScalars(spec: OptimizerSpec, learningRate: number, step: number): Omit<StepScalars, 'taken'> {
  const decay = spec.kind === 'adamw' ? 1 - learningRate * spec.weightDecay : 1;
  if (spec.kind === 'sgd') return { rate: learningRate, epsilon: 0, decay };
  if (spec.kind === 'rmsprop' || spec.kind === 'adagrad') return { rate: learningRate, epsilon: spec.epsilon, decay };
  const correction = Math.sqrt(1 - spec.beta2 ** step);
  return { rate: (learningRate * correction) / (1 - spec.beta1 ** step), epsilon: spec.epsilon * correction, decay };
}

/** One update of one weight with tfjs's operations: the new weight, and the new slots in slotsOf's order. */
export function updated(
  spec: OptimizerSpec,
  weight: Tensor,
  gradient: Tensor,
  slots: Tensor[],
  { rate, epsilon, decay }: Record<'rate' | 'epsilon' | 'decay', Scalar>,
): { weight: Tensor; slots: Tensor[] } {
  /** old * kept + now * (1 - kept) */
  const blend = (old: Tensor, now: Tensor, kept: number) => tf.add(tf.mul(old, kept), tf.mul(now, 1 - kept));
  switch (spec.kind) {
    case 'sgd': {
      if (!slots[0]) return { weight: tf.sub(weight, tf.mul(gradient, rate)), slots: [] };
      const momentum = tf.add(tf.mul(slots[0], spec.momentum), gradient);
      const direction = spec.nesterov ? tf.add(gradient, tf.mul(momentum, spec.momentum)) : momentum;
      return { weight: tf.sub(weight, tf.mul(direction, rate)), slots: [momentum] };
    }
    case 'rmsprop': {
      const second = blend(slots[0]!, tf.square(gradient), spec.alpha);
      const scaled = tf.div(gradient, tf.add(tf.sqrt(second), epsilon));
      if (!slots[1]) return { weight: tf.sub(weight, tf.mul(scaled, rate)), slots: [second] };
      const momentum = tf.add(tf.mul(slots[1], spec.momentum), scaled);
      return { weight: tf.sub(weight, tf.mul(momentum, rate)), slots: [second, momentum] };
    }
    case 'adagrad': {
      const sum = tf.add(slots[0]!, tf.square(gradient));
      return { weight: tf.sub(weight, tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(sum), epsilon))), slots: [sum] };
    }
    case 'adam':
    case 'adamw': {
      const first = blend(slots[0]!, gradient, spec.beta1);
      const second = blend(slots[1]!, tf.square(gradient), spec.beta2);
      const kept = spec.kind === 'adamw' ? tf.mul(weight, decay) : weight;
      const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon));
      return { weight: tf.sub(kept, change), slots: [first, second] };
    }
  }
}
