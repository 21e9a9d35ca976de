import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { reportKeyOf, uploadKeyOf, uploadStateKeyOf } from '#core/data/blob-keys.ts';
import type { Report } from '#core/data/report.ts';
import type { BlobStore } from '#db/blobs/index.ts';

/** Where one data set's plaintext and results lie, and how they go. */

export function workFolder(dataDir: string, datasetId: string): string {
  return path.join(dataDir, 'work', datasetId);
}

/** An empty folder: what an interrupted job left is gone. */
export async function freshWorkFolder(dataDir: string, datasetId: string): Promise<string> {
  const folder = workFolder(dataDir, datasetId);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Everything from which a test item could be read: the upload, the report, the scratch files. */
export async function deletePlaintext(blobs: BlobStore, dataDir: string, datasetId: string): Promise<void> {
  await rm(workFolder(dataDir, datasetId), { recursive: true, force: true });
  await blobs.deleteAll(`reviews/${datasetId}`);
  await blobs.delete(uploadStateKeyOf(datasetId));
  await blobs.delete(uploadKeyOf(datasetId));
}

/** Packs and sealed part, and half-written drafts of them. Only where nothing is recorded: no run can use them then. */
export async function deleteResults(blobs: BlobStore, datasetId: string): Promise<void> {
  await blobs.deleteAll(`packs/${datasetId}`);
  await blobs.deleteAll(`sealed/${datasetId}`);
}

export async function readReport(blobs: BlobStore, datasetId: string): Promise<Report> {
  return JSON.parse((await blobs.get(reportKeyOf(datasetId))).toString('utf8')) as Report;
}
