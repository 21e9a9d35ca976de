import path from 'node:path';
import { FileBlobs } from './file-blobs.ts';

export type { BlobStore } from './blob-store.ts';
export { FileBlobs } from './file-blobs.ts';

/** The blobs of a data folder (HOLDOUT_DATA). */
export function openBlobs(dataDir: string): FileBlobs {
  return new FileBlobs(path.join(dataDir, 'blobs'));
}
