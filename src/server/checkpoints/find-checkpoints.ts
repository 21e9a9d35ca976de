import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { planModel } from '#core/model/plan.ts';
import { keptEpochs } from '#core/run/kept-checkpoints.ts';
import { watchedSeries } from '#core/run/watched.ts';
import type { Db } from '#db/client.ts';
import { type Metrics, readStoredConfig } from '../runs/run-view.ts';

/** Weights that are stored, wherever they are used. */
export interface StoredCheckpoint {
  /** "best", "last" or "epoch-12" */
  id: string;
  /** counted from 1; 0 before the first one ended */
  epoch: number;
  step: number;
  metrics: Metrics;
  createdAt: Date;
  /** why it is kept: 1 is the best epoch, null where it is not one of the best; whether its turn came; whether it is the last */
  kept: { rank: number | null; periodic: boolean; last: boolean };
  weightsKey: string;
  digest: string;
}

const fields = { epoch: true, step: true, metrics: true, createdAt: true, weightsKey: true, digest: true } as const;

/** What is kept of a run, the best first, then by epoch, the last one at the end; and its model. The caller has asked for access. */
export async function findCheckpoints(db: Db, runId: string) {
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      ...{ name: true, number: true, config: true, dataset: { select: { schema: true } } },
      checkpoints: { select: { kind: true, ...fields } },
      kept: { orderBy: { epoch: 'asc' }, select: fields },
    },
  });
  const schema = datasetSchema.parse(run.dataset.schema);
  const [input, task] = [inputOf(schema), taskOf(schema)];
  const config = readStoredConfig(run.config);
  const { series, direction } = watchedSeries(config, task);
  const values = run.kept.map(({ epoch, metrics }) => [epoch, (metrics as Metrics)[series] ?? Number.NaN] as const);
  const why = keptEpochs(config.checkpoints, direction, new Map(values));
  const best = run.checkpoints.find(({ kind }) => kind === 'best');
  const last = run.checkpoints.find(({ kind }) => kind === 'last');
  const checkpoints: StoredCheckpoint[] = [];
  const add = (
    id: string,
    { metrics, ...row }: Omit<StoredCheckpoint, 'id' | 'kept' | 'metrics'> & { metrics: unknown },
  ) => {
    const rank = id === 'best' ? 1 : (why.get(row.epoch)?.rank ?? null);
    const periodic = why.get(row.epoch)?.periodic ?? false;
    checkpoints.push({ id, ...row, metrics: metrics as Metrics, kept: { rank, periodic, last: id === 'last' } });
  };
  if (best) add('best', best);
  // The best epoch's weights, and the last one's, may be kept a second time: as one of the best, or because its turn came.
  for (const row of run.kept) if (row.epoch !== best?.epoch && row.step !== last?.step) add(`epoch-${row.epoch}`, row);
  if (last) add('last', last);
  return {
    name: run.name,
    number: run.number,
    ...{ schema, input, task, checkpoints, lead: series },
    plan: planModel(config.model, input, task),
  };
}
