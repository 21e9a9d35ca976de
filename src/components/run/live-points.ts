import type { SeriesByName } from '#components/runs/use-series.ts';
import { lastStep } from '#core/chart/series.ts';
import { type BestMemory, foldBest, NO_BEST } from '#core/run/early-stopping.ts';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

/** The run's row is read once a second, its points four times; while it trains the points say where it stands, so that figures and curves agree. */
export function withLivePoints(run: RunDetail, series: SeriesByName | undefined): RunDetail {
  if (run.state !== 'running' || !series) return run;
  const { lead } = frameOf(run);
  const validation = series.get(`${lead}/validation`);
  if (!validation || validation.steps.length === 0) return run;
  const epochOf = (step: number) => Math.round(step / run.stepsPerEpoch);
  const epoch = Math.max(run.epoch, epochOf(lastStep(validation)));
  const lastMetrics = { ...run.lastMetrics };
  for (const [name, { values }] of series)
    if (name in lastMetrics && name !== 'loss/train') lastMetrics[name] = values.at(-1)!;
  return { ...run, epoch, lastMetrics, ...best(run, series, lead, epochOf) };
}

/** By the trainer's own rule; its row learns of it with the next checkpoint. */
function best(run: RunDetail, series: SeriesByName, lead: 'accuracy' | 'rmse', epochOf: (step: number) => number) {
  const watched = run.config.earlyStopping;
  const direction = watched?.direction ?? (lead === 'accuracy' ? 'max' : 'min');
  const rule = { direction, minDelta: 0, warmupEpochs: 0 };
  const monitored = series.get(`${watched?.metric ?? lead}/validation`);
  if (!monitored) return {};
  const memory = monitored.values.reduce<BestMemory>(
    (m, value, i) => foldBest(rule, m, epochOf(monitored.steps[i]!), value).memory,
    NO_BEST,
  );
  if (memory.best === null) return {};
  const bestMetrics = { ...run.bestMetrics };
  for (const [name, { steps, values }] of series) {
    const at = steps.indexOf(memory.bestEpoch * run.stepsPerEpoch);
    if (name.endsWith('/validation') && at >= 0) bestMetrics[name] = values[at]!;
  }
  return { bestEpoch: memory.bestEpoch, bestValue: bestMetrics[`${lead}/validation`] ?? null, bestMetrics };
}
