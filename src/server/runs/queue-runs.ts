import type { RunConfig } from '#core/config/run-config.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import { summarise } from '#core/model/summary.ts';
import { totalSteps } from '#core/run/modes.ts';
import type { Prisma } from '#db/client.ts';
import type { ProjectAccess } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type FoundSource, holdSource } from '../transfer/find-source.ts';

/** Runs of one project that may wait at once, so that a script's mistake can't fill the queue of a class. */
export const MAX_WAITING = 200;

export interface RunDraft {
  name: string;
  /** checked already */
  config: RunConfig;
  parentId: string | null;
  /** what `config.startFrom` names */
  source: FoundSource | null;
}

export interface QueuedRun {
  id: string;
  number: number;
  name: string;
}

/**
 * Rows for runs, numbered without a gap, in the order of `drafts`. Within the caller's transaction, so that all or none come to be.
 * Throws AppError conflict in an archived project, too_many when too many would wait.
 */
export async function queueRuns(
  tx: Prisma.TransactionClient,
  actor: Actor,
  access: ProjectAccess,
  dataset: { id: string; schema: DatasetSchema; nTrain: number },
  drafts: readonly RunDraft[],
): Promise<QueuedRun[]> {
  const { projectId } = access;
  const { lastRun, archivedAt } = await tx.project.update({
    where: { id: projectId },
    data: { lastRun: { increment: drafts.length } },
    select: { lastRun: true, archivedAt: true },
  });
  if (archivedAt) throw new AppError('conflict', 'This project is archived. Restore it under Settings to train again.');
  const waiting = await tx.run.count({ where: { projectId, state: 'queued' } });
  if (waiting + drafts.length > MAX_WAITING)
    throw new AppError(
      'too_many',
      `${waiting} runs wait already; a project may have ${MAX_WAITING}. Cancel some first.`,
    );
  const created = await tx.run.createManyAndReturn({
    data: drafts.map(({ name, config, parentId }, i) => ({
      projectId,
      datasetId: dataset.id,
      number: lastRun - drafts.length + 1 + i,
      name,
      config,
      createdById: actor.userId,
      parentId,
      parameters: summarise(config.model, inputOf(dataset.schema), config.batchSize).parameters,
      totalSteps: totalSteps(config, dataset.nTrain),
    })),
    select: { id: true, number: true, name: true },
  });
  const runs = created.sort((a, b) => a.number - b.number);
  for (const [i, { config, source }] of drafts.entries()) {
    if (!config.startFrom || !source) continue;
    await holdSource(tx, config.startFrom.source);
    const { sources, weightsKey, digest } = source;
    await tx.lineage.create({ data: { runId: runs[i]!.id, sources, weightsKey, digest } });
  }
  await tx.activity.create({
    data: { projectId, userId: actor.userId, kind: 'run.launched', detail: { runs: [...runs] } },
  });
  return runs;
}
