import type { Ending } from '#core/run/stop-reasons.ts';
import type { Fit } from '#engine/engine.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Callback } from './fit/callback.ts';
import { fastDevRun } from './fit/fast-dev-run.ts';
import { findRate } from './fit/find-rate.ts';
import { logLayers } from './fit/log-layers.ts';
import { logPhases } from './fit/log-phases.ts';
import { logPoints } from './fit/log-points.ts';
import { logThroughput } from './fit/log-throughput.ts';
import { fitLoop } from './fit/loop.ts';
import { overfitBatch } from './fit/overfit-batch.ts';
import { PhaseClock } from './fit/phases.ts';
import type { FitPlan } from './fit/plan.ts';
import { stopEarly } from './fit/stop-early.ts';
import type { Prepared } from './prepare.ts';
import type { RunWriter } from './run-writer.ts';

/** All that a run logs without being asked. */
export function loggers(fit: Fit, plan: FitPlan, writer: RunWriter, clock: PhaseClock): Callback[] {
  const byLayer = plan.config.mode === 'train' || plan.config.mode === 'fast_dev_run';
  return [
    ...(byLayer ? [logLayers(fit, plan, writer)] : []),
    logPoints(writer, plan.config),
    logThroughput(writer),
    logPhases(writer, clock),
  ];
}

/** What the configuration's mode asks for, with what is logged beside it. @returns null when interrupted */
export function train(
  { fit, plan, state, checkpointer, task, train: part, noun }: Prepared,
  writer: RunWriter,
  store: CheckpointStore,
  interrupted: () => boolean,
): Promise<Ending | null> {
  const { mode, earlyStopping } = plan.config;
  const clock = new PhaseClock();
  const logs = loggers(fit, plan, writer, clock);
  switch (mode) {
    case 'train': {
      const callbacks = [...logs, ...(earlyStopping ? [stopEarly(earlyStopping)] : []), checkpointer];
      return fitLoop(fit, plan, state, callbacks, interrupted, clock);
    }
    case 'fast_dev_run':
      return fastDevRun(fit, plan, state, store, logs, interrupted);
    case 'overfit_batch':
      return overfitBatch(fit, plan, state, { task, y: part.y, noun }, logs, interrupted);
    case 'find_learning_rate':
      return findRate(fit, plan, state, logs, interrupted);
  }
}
