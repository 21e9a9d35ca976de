import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { CANCEL_DATASET } from '#db/sql/datasets.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';

/**
 * Ends a data set that isn't split yet; the referee deletes its files at once.
 * @throws AppError conflict once its split is recorded
 */
export async function cancelDataset(db: Db, actor: Actor, datasetId: string): Promise<void> {
  const access = await requireDataset(db, actor, datasetId, 'run');
  const { rowCount } = await db.pool.query(CANCEL_DATASET, [access.datasetId]);
  if (!rowCount)
    throw new AppError('conflict', 'This data set is split and sealed, or has ended already. It can’t be cancelled.');
  await notify(db.pool, { topic: 'dataset', id: access.datasetId, projectId: access.projectId });
}
