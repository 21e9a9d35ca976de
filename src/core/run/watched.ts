import type { RunConfig } from '../config/run-config.ts';
import { leadMetric } from '../data/dataset-schema.ts';
import type { TaskSpec } from '../model/spec.ts';

/** The series by which a run's epochs are compared: what early stopping watches, else the task's metric, on validation. */
export function watchedSeries(
  { earlyStopping }: Pick<RunConfig, 'earlyStopping'>,
  task: Pick<TaskSpec, 'kind'>,
): { series: string; direction: 'min' | 'max' } {
  const lead = leadMetric(task);
  return {
    series: `${earlyStopping?.metric ?? lead.name}/validation`,
    direction: earlyStopping?.direction ?? lead.direction,
  };
}
