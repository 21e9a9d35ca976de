import { stepsPerEpoch } from '#core/config/check-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { balancedOrder } from '#core/run/class-balance.ts';
import type { BestRule } from '#core/run/early-stopping.ts';
import { totalSteps } from '#core/run/modes.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import { watchedSeries } from '#core/run/watched.ts';
import type { BatchResult, PartArrays } from '#engine/engine.ts';

/** What one run is about to do; never changes while it runs. */
export interface FitPlan {
  config: RunConfig;
  trainItems: number;
  /** The items of an epoch (counted from 1) in their order; depends on the seed and the epoch alone. int32 [trainItems] */
  order: (epoch: number) => Int32Array;
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

/** @param labels the train part's, by which balanced sampling goes */
export function planFit(config: RunConfig, task: TaskSpec, trainItems: number, labels?: PartArrays['y']): FitPlan {
  const metric = task.kind === 'classification' ? 'accuracy' : 'rmse';
  const perEpoch = stepsPerEpoch(trainItems, config);
  const watched = watchedSeries(config, task);
  return {
    config,
    trainItems,
    order: orderOf(config, task, trainItems, labels),
    stepsPerEpoch: perEpoch,
    totalSteps: totalSteps(config, trainItems),
    metric,
    lead: `${metric}/validation`,
    monitor: watched.series,
    monitorRule: { direction: watched.direction, minDelta: 0, warmupEpochs: 0 },
  };
}

function orderOf(config: RunConfig, task: TaskSpec, n: number, labels: PartArrays['y'] | undefined): FitPlan['order'] {
  if (config.sampling === 'balanced' && task.kind === 'classification' && labels instanceof Int32Array)
    return (epoch) => balancedOrder(labels, task.classes, config.seed, epoch);
  return (epoch) => epochOrder(n, config.seed, epoch);
}

/** Accuracy in [0, 1], or the root of the mean squared error in the target's unit; NaN where nothing was counted. */
export function metricValue(metric: FitPlan['metric'], sums: Pick<BatchResult, 'metricSum' | 'count'>): number {
  const mean = sums.metricSum / sums.count;
  return metric === 'accuracy' ? mean : Math.sqrt(mean);
}
