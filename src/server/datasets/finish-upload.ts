import { uploadKeyOf } from '#core/data/blob-keys.ts';
import { AppError } from '#core/errors.ts';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';

/**
 * Hands a complete upload to the referee.
 * @throws AppError invalid_data where bytes are missing, conflict where the upload was cancelled
 */
export async function finishUpload(db: Db, blobs: FileBlobs, actor: Actor, datasetId: string): Promise<void> {
  const access = await requireDataset(db, actor, datasetId, 'run');
  const key = uploadKeyOf(access.datasetId);
  const { bytes } = await db.prisma.dataset.findUniqueOrThrow({
    where: { id: access.datasetId },
    select: { bytes: true },
  });
  const got = (await blobs.stat(key))?.bytes ?? 0;
  if (BigInt(got) !== bytes)
    throw new AppError('invalid_data', `${got} of ${bytes} bytes arrived. Go on with the upload, or start it again.`);
  await blobs.sync(key);
  const { count } = await db.prisma.dataset.updateMany({
    where: { id: access.datasetId, state: 'uploading' },
    data: { state: 'uploaded', stages: { uploaded: new Date().toISOString() } },
  });
  if (count === 0) throw new AppError('conflict', 'This upload was cancelled or is finished already.');
  await notify(db.pool, { topic: 'dataset', id: access.datasetId, projectId: access.projectId });
}
