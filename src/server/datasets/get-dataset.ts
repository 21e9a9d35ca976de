import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type DatasetView, datasetSelect, datasetView } from './dataset-view.ts';
import { readReport } from './read-report.ts';

/** One data set; under review with what inspection found, sealed with what may be shown of train and validation. */
export async function getDataset(db: Db, blobs: BlobStore, actor: Actor, datasetId: string): Promise<DatasetView> {
  const access = await requireDataset(db, actor, datasetId, 'read');
  const row = await db.prisma.dataset.findUniqueOrThrow({ where: { id: access.datasetId }, select: datasetSelect });
  const view = datasetView(row);
  return row.state === 'review' ? { ...view, report: await readReport(blobs, access.datasetId) } : view;
}
