import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireModel } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import type { Actor } from '../actor.ts';
import { keepStartWeights } from './keep-start-weights.ts';

/** Deletes an uploaded model. Runs that started from it keep their weights and their record of it. */
export async function deleteModel(db: Db, blobs: BlobStore, actor: Actor, modelId: string): Promise<void> {
  const { id, access } = await requireModel(db, actor, modelId, 'run');
  const { name, weightsKey, weightsDigest } = await db.prisma.importedModel.delete({ where: { id } });
  const { projectId } = access;
  await recordActivity(db.prisma, { projectId, userId: actor.userId, kind: 'model.deleted', detail: { name } });
  await keepStartWeights(db, blobs, { weightsKey, digest: weightsDigest });
  await blobs.delete(weightsKey);
}
