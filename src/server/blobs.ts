import { type FileBlobs, openBlobs } from '#db/blobs/index.ts';
import { env } from '#env';

const kept = globalThis as { holdoutBlobs?: FileBlobs };

/** The web process's blob store; kept on globalThis because development reloads modules. */
export function blobs(): FileBlobs {
  kept.holdoutBlobs ??= openBlobs(env().HOLDOUT_DATA);
  return kept.holdoutBlobs;
}
