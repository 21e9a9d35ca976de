import type { RunConfig } from '../config/run-config.ts';
import { foldBest } from './early-stopping.ts';
import type { RunState } from './lifecycle.ts';
import { watchedSeries } from './watched.ts';

interface Row {
  state: RunState;
  config: RunConfig;
  epoch: number;
  lastMetrics: Record<string, number | null>;
  bestEpoch: number | null;
  bestValue: number | null;
  bestMetrics: Record<string, number | null>;
}

/**
 * While a run trains its row learns of a better epoch with the next checkpoint only; the last epoch is known before. Of the
 * train part the last value may be of a step in the middle of the next epoch, so it is left out until then.
 */
export function knownBest(run: Row): Pick<Row, 'bestEpoch' | 'bestValue' | 'bestMetrics'> {
  const { bestEpoch, bestValue, bestMetrics, lastMetrics, epoch } = run;
  const stored = { bestEpoch, bestValue, bestMetrics };
  if (run.state !== 'running') return stored;
  const lead = 'rmse/validation' in lastMetrics ? 'rmse' : 'accuracy';
  const { series, direction } = watchedSeries(run.config, { kind: lead === 'rmse' ? 'regression' : 'classification' });
  const memory = { best: bestMetrics[series] ?? null, bestEpoch: bestEpoch ?? 0, waited: 0 };
  if (!foldBest({ direction, minDelta: 0, warmupEpochs: 0 }, memory, epoch, lastMetrics[series] ?? Number.NaN).improved)
    return stored;
  return {
    bestEpoch: epoch,
    bestValue: lastMetrics[`${lead}/validation`] ?? null,
    bestMetrics: Object.fromEntries(Object.entries(lastMetrics).filter(([name]) => name.endsWith('/validation'))),
  };
}
