import type { RunConfig } from '#core/config/run-config.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import { balancedWeights } from '#core/run/class-balance.ts';
import type { FitSpec, PartArrays } from '#engine/engine.ts';

/** What the engine is to train, augmentation aside. `labels`: the train part's, from which balanced class weights follow. O(items). */
export function fitSpecOf(config: RunConfig, input: InputSpec, task: TaskSpec, labels: PartArrays['y']): FitSpec {
  const { model, optimizer, batchSize, seed, loss, l1, l2, penalise, gradientClipping, accumulate, ema } = config;
  const { replicas, precision } = config;
  return {
    ...{ model, input, task, optimizer, batchSize, seed },
    ...{ replicas, precision },
    ...{ loss, l1, l2, penalise, gradientClipping, accumulate, ema },
    classWeights: weightsOf(config.classWeights, task, labels),
  };
}

function weightsOf(given: RunConfig['classWeights'], task: TaskSpec, labels: PartArrays['y']): number[] | null {
  if (given !== 'balanced') return given;
  return task.kind === 'classification' && labels instanceof Int32Array ? balancedWeights(labels, task.classes) : null;
}
