import { foldSweep, rateOfStep, ratesInWords, readRates, SWEEP_START } from '#core/run/rate-finder.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import type { Ending } from '#core/run/stop-reasons.ts';
import type { Fit } from '#engine/engine.ts';
import type { Callback } from './callback.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

/** Raises the rate from step to step until the loss grows. Nothing is validated and no weights are kept. @returns null when interrupted */
export async function findRate(
  fit: Pick<Fit, 'step'>,
  plan: FitPlan,
  state: LoopState,
  callbacks: readonly Callback[],
  interrupted: () => boolean,
): Promise<Ending | null> {
  const { batchSize, seed } = plan.config;
  const rates: number[] = [];
  const losses: number[] = [];
  let sweep = SWEEP_START;
  let order: Int32Array = new Int32Array();
  while (state.step < plan.totalSteps) {
    if (interrupted()) return null;
    const batch = state.step % plan.stepsPerEpoch;
    if (batch === 0) order = epochOrder(plan.trainItems, seed, 1 + state.step / plan.stepsPerEpoch);
    const indices = order.subarray(batch * batchSize, (batch + 1) * batchSize);
    const learningRate = rateOfStep(state.step);
    const result = await fit.step(indices, learningRate);
    state.step++;
    rates.push(learningRate);
    losses.push(result.loss);
    for (const callback of callbacks) await callback.onStep?.({ state, result, learningRate, items: indices.length });
    const { sweep: next, diverged } = foldSweep(sweep, result.loss);
    sweep = next;
    if (diverged) break;
  }
  return { reason: 'completed', message: ratesInWords(readRates(rates, losses)) };
}
