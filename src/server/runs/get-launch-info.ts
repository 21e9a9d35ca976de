import { datasetSchema } from '#core/data/dataset-schema.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { liveTrainers } from '../trainers/live-trainers.ts';
import { memoryBudget } from './memory-budget.ts';

/** What the launch page must know: the data, what fits on the machines that train, and who waits. */
export async function getLaunchInfo(db: Db, actor: Actor, projectId: string) {
  const access = await requireProject(db, actor, projectId, 'read');
  const [dataset, budget, trainers, waiting, running] = await Promise.all([
    db.prisma.dataset.findFirst({
      where: { projectId: access.projectId, state: 'sealed' },
      select: {
        id: true,
        name: true,
        schema: true,
        report: true,
        nTrain: true,
        nValidation: true,
        project: { select: { opening: { select: { state: true } } } },
      },
    }),
    memoryBudget(db),
    liveTrainers(db),
    db.prisma.run.count({ where: { state: 'queued' } }),
    db.prisma.run.count({ where: { state: 'running' } }),
  ]);
  return {
    canWrite: access.canWrite,
    dataset: dataset && {
      id: dataset.id,
      name: dataset.name,
      schema: datasetSchema.parse(dataset.schema),
      /** of the train part alone; none where targets are numbers */
      classes: (dataset.report as SealedReport | null)?.classes?.map(({ name, train }) => ({ name, train })) ?? [],
      nTrain: dataset.nTrain!,
      nValidation: dataset.nValidation!,
      testPart: dataset.project.opening?.state ?? ('sealed' as const),
    },
    memoryBudget: budget,
    trainers: trainers.map(({ name, device, engine, info }) => ({ name, device, engine, reason: info.reason })),
    waiting,
    /** every trainer has as many runs as it takes at once */
    busy: running >= trainers.reduce((slots, { info }) => slots + info.slots, 0),
  };
}
