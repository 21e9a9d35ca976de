import { type BlobStore, openBlobs } from '#db/blobs/index.ts';
import { env } from '#env';

const kept = globalThis as { holdoutBlobs?: BlobStore };

/** The web process's blob store; kept on globalThis because development reloads modules. */
export function blobs(): BlobStore {
  kept.holdoutBlobs ??= openBlobs(env().HOLDOUT_DATA);
  return kept.holdoutBlobs;
}
