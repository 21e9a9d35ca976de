import type { Tensor } from '@tensorflow/tfjs';
import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import { type LossSpec, lossOf } from '#core/config/objective.ts';
import { freeze } from '#core/model/freeze.ts';
import { type LayerPlan, planModel } from '#core/model/plan.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { FitSpec } from '../engine.ts';
import type { Ops } from './ops.ts';

/** What a step is made of, whatever engine computes it. */
export interface Problem
  extends Pick<FitSpec, 'classWeights' | 'l1' | 'l2' | 'penalise' | 'gradientClipping' | 'seed'> {
  ops: Ops;
  plan: readonly LayerPlan[];
  task: TaskSpec;
  loss: LossSpec;
  /** Nothing: items are trained as they are. */
  augmentation: AugmentationPlan | null;
  /** Devices over which each batch is spread. */
  replicas: number;
  /** Slices of a batch that a device computes side by side, each on threads of its own. */
  slices: number;
}

/** Throws AppError `invalid_data` when the model does not fit input or task. */
export function problemOf(ops: Ops, spec: FitSpec): Problem {
  const {
    task,
    classWeights,
    l1,
    l2,
    penalise,
    gradientClipping,
    seed,
    frozen = [],
    augmentation = null,
    replicas = 1,
  } = spec;
  const plan = freeze(planModel(spec.model, spec.input, task), frozen);
  const loss = lossOf(spec.loss, task);
  const penalty = { l1, l2, penalise, gradientClipping };
  return { ops, plan, task, loss, classWeights, ...penalty, seed, augmentation, replicas, slices: 1 };
}

/** A batch as the model takes it: x float32 [B, ...]; y int32 [B], or float32 [B, T] normalised with 0 where missing; present float32 [B, T] of 1 and 0, left out when nothing is missing. Blended classes are float32 [B, K]. */
export interface Batch {
  x: Tensor;
  y: Tensor;
  present?: Tensor | undefined;
  /** float32 [B, DRAWS]: how each item is augmented, where it is. */
  draws?: Tensor | undefined;
}
