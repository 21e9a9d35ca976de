import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';
import type { LaunchPlan } from './launch-after-seal.ts';
import { streamUpload } from './stream-upload.ts';

/** A file of this machine, such as a sample, on the same way as any upload; what is proposed for it is taken without a review. */
export async function importLocalFile(
  db: Db,
  blobs: FileBlobs,
  actor: Actor,
  projectId: string,
  file: string,
  name: string,
  afterSeal?: LaunchPlan,
): Promise<string> {
  const { size } = await stat(file);
  const input = {
    projectId,
    name,
    filename: path.basename(file),
    bytes: size,
    decision: { automatic: true, drop: false } as const,
  };
  return streamUpload(db, blobs, actor, input, createReadStream(file), size, afterSeal);
}
