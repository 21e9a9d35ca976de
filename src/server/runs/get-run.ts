import { secondsLeft } from '#core/run/time-left.ts';
import { lineageSchema } from '#core/transfer/lineage.ts';
import type { Db } from '#db/client.ts';
import { firstPointAfter } from '#db/series/series.ts';
import { QUEUE_ORDER } from '#db/sql/queue-order.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig, runSelect, runView } from './run-view.ts';

/** All that a run's page shows beside its series and log. */
export async function getRun(db: Db, actor: Actor, runId: string) {
  const access = await requireRun(db, actor, runId, 'read');
  const row = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: {
      ...runSelect,
      environment: true,
      sharedAt: true,
      lineage: { select: { sources: true } },
      dataset: { select: { id: true, name: true, nTrain: true, nValidation: true, schema: true } },
      parent: { select: { id: true, number: true, name: true, config: true } },
      trainer: { select: { id: true, name: true, device: true, engine: true } },
      attempts: {
        orderBy: { number: 'asc' },
        select: {
          number: true,
          startedAt: true,
          endedAt: true,
          resumedStep: true,
          outcome: true,
          trainer: { select: { name: true, device: true } },
        },
      },
      checkpoints: { select: { kind: true, step: true, epoch: true, createdAt: true } },
    },
  });
  const { environment, lineage, sharedAt, parent, trainer, attempts, checkpoints, ...rest } = row;
  const view = runView(rest);
  const attempt = row.state === 'running' && !view.interrupted ? (attempts.at(-1) ?? null) : null;
  const first = attempt && (await firstPointAfter(db.pool, row.id, 'loss/train', attempt.resumedStep ?? 0));
  return {
    ...view,
    project: { id: access.projectId, name: access.projectName },
    canWrite: access.canWrite,
    canShare: access.role === 'instructor' || actor.isAdmin,
    sharedAt,
    lineage: lineageSchema.parse(lineage?.sources ?? []),
    dataset: row.dataset,
    environment: environment as Record<string, unknown>,
    parent: parent && { ...parent, config: readStoredConfig(parent.config) },
    trainer,
    attempts,
    checkpoints,
    /** runs before it, while it waits */
    queuePosition: row.state === 'queued' ? await queuePosition(db, row.id) : null,
    /** at the pace of this attempt; early stopping may end it sooner */
    secondsLeft: secondsLeft({ ...view, first, now: new Date() }),
  };
}
export type RunDetail = Awaited<ReturnType<typeof getRun>>;

async function queuePosition(db: Db, runId: string): Promise<number | null> {
  const { rows } = await db.pool.query<{ position: number }>(
    `SELECT position FROM (${QUEUE_ORDER}) AS queue WHERE id = $1`,
    [runId],
  );
  return rows[0]?.position ?? null;
}
