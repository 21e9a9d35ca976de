import type { TaskSpec } from '#core/model/spec.ts';
import { nearZeroLoss, overfitWords } from '#core/run/overfit.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import { type Ending, notANumber } from '#core/run/stop-reasons.ts';
import type { Fit, PartArrays } from '#engine/engine.ts';
import type { Callback } from './callback.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

export interface OneBatch {
  task: TaskSpec;
  y: PartArrays['y'];
  /** "image" or "row" */
  noun: string;
}

/** Trains on one fixed batch until its loss is near zero. @returns null when interrupted */
export async function overfitBatch(
  fit: Pick<Fit, 'step'>,
  plan: FitPlan,
  state: LoopState,
  { task, y, noun }: OneBatch,
  callbacks: readonly Callback[],
  interrupted: () => boolean,
): Promise<Ending | null> {
  const { batchSize, seed, learningRate } = plan.config;
  const indices = epochOrder(plan.trainItems, seed, 1).subarray(0, batchSize);
  const width = y.length / plan.trainItems;
  const target = nearZeroLoss(task, plan.config.loss, pick(y, indices, width));
  let first = Number.NaN;
  let last = Number.NaN;
  while (state.step < plan.totalSteps && !(last <= target)) {
    if (interrupted()) return null;
    const result = await fit.step(indices, learningRate);
    state.step++;
    last = result.loss;
    if (state.step === 1) first = last;
    for (const callback of callbacks) await callback.onStep?.({ state, result, learningRate, items: indices.length });
    if (!Number.isFinite(last)) return notANumber('The train loss', last, state.step);
  }
  const message = overfitWords({ items: indices.length, noun, steps: state.step, first, last, target });
  return { reason: 'completed', message };
}

/** The rows of `y` at `indices`. */
function pick(y: PartArrays['y'], indices: Int32Array, width: number): PartArrays['y'] {
  const rows = Array.from(indices).flatMap((i) => Array.from(y.subarray(i * width, (i + 1) * width)));
  return y instanceof Int32Array ? Int32Array.from(rows) : Float32Array.from(rows);
}
