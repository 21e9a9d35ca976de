import { foldSweep, rateOfStep, ratesInWords, readRates, SWEEP_START } from '#core/run/rate-finder.ts';
import type { Ending } from '#core/run/stop-reasons.ts';
import type { Fit } from '#engine/engine.ts';
import { Batches } from './batches.ts';
import type { Callback } from './callback.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

/** Raises the rate from step to step until the loss grows. Nothing is validated and no weights are kept. @returns null when interrupted */
export async function findRate(
  fit: Pick<Fit, 'step' | 'prefetch'>,
  plan: FitPlan,
  state: LoopState,
  callbacks: readonly Callback[],
  interrupted: () => boolean,
): Promise<Ending | null> {
  const batches = new Batches(plan);
  const rates: number[] = [];
  const losses: number[] = [];
  let sweep = SWEEP_START;
  while (state.step < plan.totalSteps) {
    if (interrupted()) return null;
    const indices = batches.take(fit, state.step);
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
