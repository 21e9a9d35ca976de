import { reportKeyOf } from '#core/data/blob-keys.ts';
import type { Report } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';

/** The inspection's report; null once it is deleted, before the seal. */
export async function readReport(blobs: BlobStore, datasetId: string): Promise<Report | null> {
  try {
    return JSON.parse((await blobs.get(reportKeyOf(datasetId))).toString('utf8')) as Report;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}
