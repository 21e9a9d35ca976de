import { foldBest } from '#core/run/early-stopping.ts';
import { foldPlateau, NO_PLATEAU } from '#core/run/plateau.ts';
import { learningRateAt } from '#core/run/schedule.ts';
import { type Ending, notANumber } from '#core/run/stop-reasons.ts';
import { stageAt } from '#core/transfer/stage.ts';
import type { BatchResult, Fit } from '#engine/engine.ts';
import { Batches } from './batches.ts';
import type { Callback } from './callback.ts';
import type { LoopState } from './loop-state.ts';
import { PhaseClock } from './phases.ts';
import { type FitPlan, metricValue } from './plan.ts';

/**
 * Trains from `state` (which it keeps up to date) to the end, an ending that a callback gives, or an interruption.
 * Depends on plan and state alone: from the same state it takes the same steps.
 * @returns null when interrupted between two steps, with `state` ready to be checkpointed
 */
export async function fitLoop(
  fit: Pick<Fit, 'step' | 'prefetch' | 'evaluate'>,
  plan: FitPlan,
  state: LoopState,
  callbacks: readonly Callback[],
  interrupted: () => boolean,
  clock: PhaseClock = new PhaseClock(),
): Promise<Ending | null> {
  const { config, stepsPerEpoch } = plan;
  const batches = new Batches(plan);
  while (state.epoch < config.epochs) {
    clock.enter('data');
    const stage = stageAt(config, state.epoch);
    for (let batch = state.step - state.epoch * stepsPerEpoch; batch < stepsPerEpoch; batch++) {
      if (interrupted()) return null;
      const indices = batches.take(fit, state.step);
      const sinceStage = state.step - stage.startEpoch * stepsPerEpoch;
      const learningRate = learningRateAt(stage.config, sinceStage, stepsPerEpoch, state.plateau.falls);
      for (const callback of callbacks) {
        const wait = callback.beforeStep?.(state);
        if (!wait) continue;
        clock.enter(callback.phase ?? 'log');
        await wait;
      }
      clock.enter('step');
      const withGradients = callbacks.some((callback) => callback.wantsGradients?.(state));
      const result = await fit.step(indices, learningRate, withGradients);
      state.step++;
      addTo(state.sums, result);
      for (const callback of callbacks) {
        clock.enter(callback.phase ?? 'log');
        const wait = callback.onStep?.({ state, result, learningRate, items: indices.length });
        if (wait) await wait;
      }
      const broken = [result.loss, result.penalty].find((value) => !Number.isFinite(value));
      if (broken !== undefined) return notANumber('The train loss', broken, state.step);
      clock.enter('data');
    }

    if (interrupted()) return null;
    for (const callback of callbacks) callback.onPause?.();
    clock.enter('validate');
    const validation = await fit.evaluate('validation');
    endEpoch(plan, state, validation);
    const improved = keepBest(plan, state);
    // All hear of the epoch, also the last: what ends the run must not keep another from saving its weights.
    let ending: Ending | undefined;
    for (const callback of callbacks) {
      clock.enter(callback.phase ?? 'log');
      ending = (await callback.onEpoch?.({ state, improved })) ?? ending;
    }
    if (ending) return ending;
    if (!Number.isFinite(validation.loss)) return notANumber('The validation loss', validation.loss, state.step);
    for (const callback of callbacks) callback.onResume?.();
  }
  return { reason: 'completed', message: `All ${config.epochs} epochs are done.` };
}

/** Batches of different sizes, with different numbers of missing targets and of classes that weigh differently, add up exactly. */
function addTo(sums: LoopState['sums'], { loss, metricSum, count, weight }: BatchResult): void {
  sums.loss += loss * (weight ?? count);
  if (weight !== undefined) sums.weight = (sums.weight ?? 0) + weight;
  sums.metric += metricSum;
  sums.count += count;
}

function endEpoch({ metric, config }: FitPlan, state: LoopState, validation: BatchResult): void {
  const { loss, metric: metricSum, count, weight } = state.sums;
  state.epoch++;
  state.metrics = {
    'loss/train': loss / (weight ?? count),
    'loss/validation': validation.loss,
    [`${metric}/train`]: metricValue(metric, { metricSum, count }),
    [`${metric}/validation`]: metricValue(metric, validation),
  };
  state.sums = { loss: 0, metric: 0, count: 0 };
  const { schedule } = config;
  if (schedule.kind !== 'plateau') return;
  const epochs = state.epoch - stageAt(config, state.epoch).startEpoch;
  const watched = state.metrics[`${schedule.metric}/validation`] ?? Number.NaN;
  state.plateau = epochs === 0 ? NO_PLATEAU : foldPlateau(schedule, state.plateau, epochs, watched);
}

function keepBest({ monitor, monitorRule }: FitPlan, state: LoopState): boolean {
  const { memory, improved } = foldBest(monitorRule, state.best, state.epoch, state.metrics[monitor] ?? Number.NaN);
  state.best = memory;
  if (improved) {
    state.bestMetrics = state.metrics;
    state.bestStep = state.step;
  }
  return improved;
}
