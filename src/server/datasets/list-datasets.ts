import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type DatasetView, datasetSelect, datasetView } from './dataset-view.ts';

/** A project's data sets, newest first, those that ended without a seal among them. */
export async function listDatasets(db: Db, actor: Actor, projectId: string): Promise<DatasetView[]> {
  const access = await requireProject(db, actor, projectId, 'read');
  const rows = await db.prisma.dataset.findMany({
    where: { projectId: access.projectId },
    select: datasetSelect,
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
  return rows.map(datasetView);
}
