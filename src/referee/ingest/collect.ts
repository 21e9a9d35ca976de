import path from 'node:path';
import type { Decision } from '#core/data/decision.ts';
import type { Report } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import { collectImages } from './collect-images.ts';
import { collectKeypoints } from './collect-keypoints.ts';
import { collectTable } from './collect-table.ts';
import type { Collected } from './collected.ts';
import type { Job } from './job.ts';
import { openUpload } from './source.ts';

/** Reads every usable item of the upload into a scratch file in `folder`, as decided. */
export async function collect(job: Job, report: Report, decision: Decision, folder: string): Promise<Collected> {
  const upload = await openUpload(job.path, job.filename);
  const scratch = path.join(folder, 'items');
  const { content } = report;
  try {
    if (content.type === 'images' && decision.kind === 'image-classification')
      return await collectImages(job, upload, decision, scratch);
    if (content.type === 'keypoints') return await collectKeypoints(job, upload, content, scratch);
    if (content.type === 'table' && 'target' in decision)
      return await collectTable(job, upload, content, decision, scratch);
    throw new AppError('invalid_data', `This upload can't be ${decision.kind}.`);
  } finally {
    upload.close();
  }
}
