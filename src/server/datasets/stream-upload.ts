import { uploadKeyOf } from '#core/data/blob-keys.ts';
import { AppError } from '#core/errors.ts';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';
import { cancelDataset } from './cancel-dataset.ts';
import { type CreateUpload, createUpload } from './create-upload.ts';
import { finishUpload } from './finish-upload.ts';
import type { LaunchPlan } from './launch-after-seal.ts';

/**
 * A whole upload from one stream, such as a request's body. `input.bytes` is what was announced: more or fewer refuse it,
 * and nothing of it stays.
 * @returns id of the data set
 */
export async function streamUpload(
  db: Db,
  blobs: FileBlobs,
  actor: Actor,
  input: CreateUpload,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  afterSeal?: LaunchPlan,
): Promise<string> {
  const id = await createUpload(db, actor, input, maxBytes, afterSeal);
  try {
    await blobs.put(uploadKeyOf(id), exactly(source, input.bytes));
    await finishUpload(db, blobs, actor, id);
  } catch (error) {
    const cancelled = await giveUp(db, blobs, actor, id).catch((other: unknown) => {
      console.error(`[upload ${id}]`, other);
      return false;
    });
    throw cancelled
      ? new AppError('conflict', 'The upload was cancelled while it arrived. Nothing was kept.', { cause: error })
      : error;
  }
  return id;
}

/** @returns whether it had been cancelled before, by the person or as abandoned */
async function giveUp(db: Db, blobs: FileBlobs, actor: Actor, id: string): Promise<boolean> {
  const refused = await cancelDataset(db, actor, id).then(
    () => false,
    (error: unknown) => {
      if (error instanceof AppError) return true;
      throw error;
    },
  );
  const { state } = await db.prisma.dataset.findUniqueOrThrow({ where: { id }, select: { state: true } });
  if (state !== 'cancelled') return false;
  // The referee may have cleaned up before the last bytes were stored.
  await blobs.delete(uploadKeyOf(id));
  return refused;
}

async function* exactly(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let got = 0;
  for await (const chunk of source) {
    got += chunk.byteLength;
    if (got > bytes)
      throw new AppError('bad_request', `More than the announced ${bytes} bytes arrived. Nothing was kept.`);
    yield chunk;
  }
  if (got < bytes) throw new AppError('bad_request', `Only ${got} of ${bytes} bytes arrived. Send the file again.`);
}
