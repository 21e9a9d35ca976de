import { stepsPerEpoch } from '#core/config/check-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { BestRule } from '#core/run/early-stopping.ts';
import { totalSteps } from '#core/run/modes.ts';
import type { BatchResult } from '#engine/engine.ts';

/** What one run is about to do; never changes while it runs. */
export interface FitPlan {
  config: RunConfig;
  trainItems: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** accuracy or rmse, the second word of which series lead */
  metric: 'accuracy' | 'rmse';
  /** the task's metric on validation: what runs are compared by, whatever is watched */
  lead: string;
  /** Series whose best epoch is kept: what early stopping watches, else the task's metric. */
  monitor: string;
  monitorRule: BestRule;
}

export function planFit(config: RunConfig, task: TaskSpec, trainItems: number): FitPlan {
  const metric = task.kind === 'classification' ? 'accuracy' : 'rmse';
  const perEpoch = stepsPerEpoch(trainItems, config.batchSize);
  const watched = config.earlyStopping;
  return {
    config,
    trainItems,
    stepsPerEpoch: perEpoch,
    totalSteps: totalSteps(config, trainItems),
    metric,
    lead: `${metric}/validation`,
    monitor: `${watched?.metric ?? metric}/validation`,
    monitorRule: {
      direction: watched?.direction ?? (metric === 'accuracy' ? 'max' : 'min'),
      minDelta: 0,
      warmupEpochs: 0,
    },
  };
}

/** Accuracy in [0, 1], or the root of the mean squared error in the target's unit; NaN where nothing was counted. */
export function metricValue(metric: FitPlan['metric'], sums: Pick<BatchResult, 'metricSum' | 'count'>): number {
  const mean = sums.metricSum / sums.count;
  return metric === 'accuracy' ? mean : Math.sqrt(mean);
}
