import { z } from 'zod';
import {
  automaticSchema,
  checkDecision,
  type Decision,
  decisionSchema,
  proposedDecision,
} from '#core/data/decision.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readReport } from './read-report.ts';

/** The decision itself, or `{automatic: true, drop}` to take what is proposed. */
export const confirmInput = z.union([automaticSchema, decisionSchema]);

/**
 * The person's decision: the referee splits and seals by it.
 * @throws AppError invalid_data whose items name what doesn't fit; conflict where there is nothing to decide
 */
export async function confirmDataset(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  datasetId: string,
  input: z.input<typeof confirmInput>,
): Promise<void> {
  const access = await requireDataset(db, actor, datasetId, 'run');
  const conflict = () => new AppError('conflict', 'There is nothing to decide now: the data set is not under review.');
  const { state } = await db.prisma.dataset.findUniqueOrThrow({
    where: { id: access.datasetId },
    select: { state: true },
  });
  if (state !== 'review') throw conflict();
  const report = await readReport(blobs, access.datasetId);
  if (!report) throw conflict();
  const parsed = confirmInput.parse(input);
  const decision: Decision = 'automatic' in parsed ? { ...proposedDecision(report), drop: parsed.drop } : parsed;
  checkDecision(report, decision);
  const { count } = await db.prisma.dataset.updateMany({
    where: { id: access.datasetId, state: 'review' },
    data: { state: 'confirmed', decision, error: null },
  });
  if (count === 0) throw conflict();
  await notify(db.pool, { topic: 'dataset', id: access.datasetId, projectId: access.projectId });
}
