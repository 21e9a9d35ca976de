import { z } from 'zod';
import { bucketIndices } from '#core/chart/buckets.ts';
import { lowerBound } from '#core/chart/series.ts';
import { lastBatchShare, stepsPerEpoch } from '#core/config/check-config.ts';
import { notFound } from '#core/errors.ts';
import { byEpoch } from '#core/run/by-epoch.ts';
import type { Db } from '#db/client.ts';
import { listSeries, readSeries, type StoredSeries } from '#db/series/series.ts';
import { requireProject, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from './run-view.ts';

export const getSeriesInput = z.strictObject({
  runs: z
    .array(z.strictObject({ id: z.string(), /** the last step that the caller has */ afterStep: z.int().default(-1) }))
    .min(1)
    .max(100),
  /** e.g. ["loss/train", "loss/validation"] */
  names: z.array(z.string().max(260)).min(1).max(50),
  /** epoch: one point an epoch, the mean of its steps */
  by: z.enum(['step', 'epoch']).default('step'),
  /** at most four points a bucket: lowest, highest, first, last */
  buckets: z.int().min(10).max(5_000).optional(),
});
export type GetSeriesInput = z.input<typeof getSeriesInput>;

export interface RunSeries {
  runId: string;
  series: StoredSeries[];
}

/** Points of several runs in one answer. O(points above afterStep). */
export async function getSeries(db: Db, actor: Actor, raw: GetSeriesInput): Promise<RunSeries[]> {
  const input = getSeriesInput.parse(raw);
  const clocks = await requireRuns(
    db,
    actor,
    input.runs.map((run) => run.id),
  );
  return Promise.all(
    input.runs.map(async ({ id, afterStep }) => {
      const clock = clocks.get(id)!;
      // A whole epoch or none of it: a mean over its last steps alone would be wrong.
      const from = input.by === 'epoch' ? Math.floor(afterStep / clock.perEpoch) * clock.perEpoch : afterStep;
      const series = await readSeries(db.pool, id, input.names, { afterStep: from });
      const shown =
        input.by === 'epoch'
          ? series.map((s) => ({ name: s.name, ...byEpoch(s, clock.perEpoch, clock.step, clock.lastBatch) }))
          : series;
      return { runId: id, series: input.buckets ? shown.map((s) => thin(s, input.buckets!)) : shown };
    }),
  );
}

export const listSeriesInput = z.strictObject({ runIds: z.array(z.string()).min(1).max(100) });

/** Names that any of the runs logged, sorted. */
export async function listSeriesNames(db: Db, actor: Actor, input: z.infer<typeof listSeriesInput>): Promise<string[]> {
  await requireRuns(db, actor, input.runIds);
  const names = await Promise.all(input.runIds.map((id) => listSeries(db.pool, id)));
  return [...new Set(names.flat())].sort();
}

/** Sight of every run, with one check a project. */
async function requireRuns(
  db: Db,
  actor: Actor,
  ids: readonly string[],
): Promise<Map<string, { perEpoch: number; lastBatch: number; step: number }>> {
  const rows = await db.prisma.run.findMany({
    where: { id: { in: ids.map(uuidOr) } },
    select: { id: true, projectId: true, step: true, config: true, dataset: { select: { nTrain: true } } },
  });
  if (rows.length < new Set(ids).size) throw notFound('run');
  for (const projectId of new Set(rows.map((row) => row.projectId)))
    await requireProject(db, actor, projectId, 'read').catch((error) => {
      throw error.code === 'not_found' ? notFound('run') : error;
    });
  return new Map(
    rows.map(({ id, step, config, dataset }) => {
      const batching = readStoredConfig(config);
      const items = dataset.nTrain ?? 1;
      const perEpoch = stepsPerEpoch(items, batching);
      return [id, { step, perEpoch, lastBatch: lastBatchShare(items, batching) }];
    }),
  );
}

/** Buckets know no place for what is not finite; the first such value says where a run broke, so it stays. */
function thin({ name, steps, times, values }: StoredSeries, buckets: number): StoredSeries {
  if (steps.length <= 4 * buckets) return { name, steps, times, values };
  const broken = values.findIndex((v) => !Number.isFinite(v));
  const kept = bucketIndices(steps, values, buckets);
  if (broken >= 0) kept.splice(lowerBound(kept, broken), 0, broken);
  const pick = (of: number[]) => kept.map((i) => of[i]!);
  return { name, steps: pick(steps), times: pick(times), values: pick(values) };
}
