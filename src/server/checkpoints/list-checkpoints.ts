import { EXPORT_FORMAT_IDS } from '#core/export-formats.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { whyNot } from '../exports/formats.ts';
import { findCheckpoints } from './find-checkpoints.ts';

/** The run's checkpoints, the best one first, and for each format why it can't hold the model, or null. Throws AppError not_found. */
export async function listCheckpoints(db: Db, actor: Actor, runId: string) {
  const access = await requireRun(db, actor, runId, 'read');
  const { checkpoints, plan } = await findCheckpoints(db, access.runId);
  return {
    checkpoints: checkpoints.map(({ weightsKey: _, digest: __, ...shown }) => shown),
    formats: EXPORT_FORMAT_IDS.map((format) => ({ format, reason: whyNot(format, plan) })),
  };
}
