import type { Report } from '#core/data/report.ts';
import { inspectImages } from './inspect-images.ts';
import { inspectTable } from './inspect-table.ts';
import type { Job } from './job.ts';
import { openUpload } from './source.ts';

/** Reads the whole upload once. Throws AppError where nothing of it can be used. */
export async function inspect(job: Job): Promise<Report> {
  const upload = await openUpload(job.path, job.filename);
  try {
    return await (upload.table ? inspectTable(job, upload) : inspectImages(job, upload));
  } finally {
    upload.close();
  }
}
