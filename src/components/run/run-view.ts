import type { RunClock, XAxis } from '#core/chart/series.ts';
import { type DatasetSchema, datasetSchema, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { RunDetail } from './run-page.tsx';

/** What the parts of the run's page have in common. */
export interface RunFrame {
  schema: DatasetSchema;
  task: TaskSpec;
  lead: 'accuracy' | 'rmse';
  /** "image" or "row" */
  noun: string;
  clock: RunClock;
}

export function frameOf(run: RunDetail): RunFrame {
  const schema = datasetSchema.parse(run.dataset.schema);
  const task = taskOf(schema);
  return {
    schema,
    task,
    lead: leadMetric(task).name,
    noun: 'image' in schema ? 'image' : 'row',
    clock: { stepsPerEpoch: run.stepsPerEpoch, startedAt: run.startedAt?.getTime() ?? null },
  };
}

export const METRIC_WORDS = { accuracy: 'accuracy', rmse: 'RMSE' } as const;

/** What all charts of a run have in common: they zoom and point together. */
export interface SharedChart {
  axis: XAxis;
  reach: number | undefined;
  zoom: readonly [number, number] | null;
  onZoom: (zoom: readonly [number, number] | null) => void;
  syncKey: string;
  describeX: (x: number) => string;
}
