import type { SeriesByName } from '#components/runs/use-series.ts';
import { type BestMemory, foldBest, NO_BEST } from '#core/run/early-stopping.ts';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

/** The row learns of a new best with the next checkpoint; the curve shows it at once. The same rule as the trainer's. */
export function withLiveBest(run: RunDetail, series: SeriesByName | undefined): RunDetail {
  if (run.state !== 'running' || !series) return run;
  const { lead } = frameOf(run);
  const watched = run.config.earlyStopping;
  const metric = watched?.metric ?? lead;
  const rule = {
    direction: watched?.direction ?? (lead === 'accuracy' ? 'max' : 'min'),
    minDelta: 0,
    warmupEpochs: 0,
  } as const;
  const monitored = series.get(`${metric}/validation`);
  if (!monitored) return run;
  const epochOf = (step: number) => Math.round(step / run.stepsPerEpoch);
  const best = monitored.values.reduce<BestMemory>(
    (memory, value, i) => foldBest(rule, memory, epochOf(monitored.steps[i]!), value).memory,
    NO_BEST,
  );
  if (best.best === null) return run;
  const metrics: RunDetail['bestMetrics'] = { ...run.bestMetrics };
  for (const [name, { steps, values }] of series) {
    const at = steps.findIndex((step) => epochOf(step) === best.bestEpoch && step % run.stepsPerEpoch === 0);
    if (name.endsWith('/validation') && at >= 0) metrics[name] = values[at]!;
  }
  return { ...run, bestEpoch: best.bestEpoch, bestValue: best.best, bestMetrics: metrics };
}
