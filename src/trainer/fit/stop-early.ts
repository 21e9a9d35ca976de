import type { EarlyStoppingSpec } from '#core/config/run-config.ts';
import { foldBest, isPatienceOver } from '#core/run/early-stopping.ts';
import type { Callback } from './callback.ts';

/** Ends the run once what it watches has not got better for `patience` epochs. Its memory lies in the loop's state. */
export function stopEarly(spec: EarlyStoppingSpec): Callback {
  const series = `${spec.metric}/validation`;
  return {
    onEpoch({ state }) {
      const value = state.metrics[series] ?? Number.NaN;
      state.earlyStopping = foldBest(spec, state.earlyStopping, state.epoch, value).memory;
      if (!isPatienceOver(state.earlyStopping, spec.patience)) return;
      const epochs = spec.patience === 1 ? '1 epoch' : `${spec.patience} epochs`;
      return {
        reason: 'early_stopping',
        message: `Stopped early: validation ${spec.metric} did not get better for ${epochs} after epoch ${state.earlyStopping.bestEpoch}.`,
      };
    },
  };
}
