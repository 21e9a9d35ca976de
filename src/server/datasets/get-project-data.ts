import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type DatasetView, datasetSelect, datasetView } from './dataset-view.ts';
import { readReport } from './read-report.ts';

/** What the data page shows: the project's data set, else the last try if it failed. */
export async function getProjectData(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  projectId: string,
  maxBytes: number,
): Promise<{ canWrite: boolean; maxBytes: number; dataset: DatasetView | null; validationLooks: number }> {
  const access = await requireProject(db, actor, projectId, 'read');
  const where = { projectId: access.projectId };
  const row =
    (await db.prisma.dataset.findFirst({
      where: { ...where, state: { notIn: ['failed', 'cancelled'] } },
      select: datasetSelect,
    })) ?? (await db.prisma.dataset.findFirst({ where, select: datasetSelect, orderBy: { createdAt: 'desc' } }));
  const runs = await db.prisma.run.aggregate({ where, _sum: { epoch: true } });
  const dataset = row && row.state !== 'cancelled' ? datasetView(row) : null;
  if (dataset?.state === 'review') dataset.report = await readReport(blobs, dataset.id);
  return { canWrite: access.canWrite, maxBytes, dataset, validationLooks: runs._sum.epoch ?? 0 };
}
