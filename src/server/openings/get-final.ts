import { datasetSchema, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import type { SealState } from '#core/seal/lifecycle.ts';
import { learntElsewhere, lineageSchema } from '#core/transfer/lineage.ts';
import { elsewhereWords } from '#core/transfer/words.ts';
import type { Db } from '#db/client.ts';
import { earlierOpenings } from '#db/openings/earlier-openings.ts';
import { requireProject } from '../access.ts';
import { type Actor, hasScope } from '../actor.ts';
import type { Metrics } from '../runs/run-view.ts';
import { readOpening } from './read-opening.ts';

/**
 * Where a project's test part stands: what is sealed (how many items, nothing else), which runs may be final, the opening.
 * @throws AppError not_found
 */
export async function getFinal(db: Db, actor: Actor, input: { projectId: string }) {
  const access = await requireProject(db, actor, input.projectId, 'read');
  const [project, opening, runs, validationLooks] = await Promise.all([
    db.prisma.project.findUniqueOrThrow({
      where: { id: access.projectId },
      select: {
        id: true,
        name: true,
        team: { select: { name: true, course: { select: { name: true, term: true } } } },
        datasets: { where: { state: 'sealed' }, take: 1, include: { sealedPart: { select: { n: true } } } },
      },
    }),
    readOpening(db, access.projectId),
    db.prisma.run.count({ where: { projectId: access.projectId } }),
    looksAtValidation(db, access.projectId),
  ]);
  const dataset = project.datasets[0];
  const schema = dataset ? datasetSchema.parse(dataset.schema) : null;
  const task = schema && taskOf(schema);
  const state: SealState = opening?.state ?? (dataset ? 'sealed' : 'none');
  return {
    project: { id: project.id, name: project.name, team: project.team.name, course: project.team.course },
    /** a member of the team who may open: nobody else can */
    canOpen: access.canWrite && hasScope(actor, 'submit') && state === 'sealed',
    state,
    sealed: dataset &&
      schema &&
      task && {
        dataset: { id: dataset.id, name: dataset.name },
        n: dataset.sealedPart?.n ?? 0,
        total: (dataset.nTrain ?? 0) + (dataset.nValidation ?? 0) + (dataset.nTest ?? 0),
        nValidation: dataset.nValidation ?? 0,
        sealedAt: dataset.sealedAt,
        splitDigest: dataset.splitDigest,
        items: 'image' in schema ? ('image' as const) : ('row' as const),
        task: task.kind,
        unit: task.kind === 'regression' ? task.unit : '',
        metric: leadMetric(task),
      },
    candidates: dataset && task ? await candidates(db, dataset, leadMetric(task)) : [],
    runs,
    validationLooks,
    opening,
    /** the same test part in other projects of the team: before the opening as of now, afterwards as the certificate says */
    earlier:
      opening?.certificate?.document.earlierOpenings ??
      (dataset?.splitDigest ? await earlierOpenings(db.pool, access.projectId, dataset.splitDigest) : []),
  };
}

/** Epochs of all runs, of those deleted too: each one scored validation once. */
async function looksAtValidation(db: Db, projectId: string): Promise<number> {
  const { rows } = await db.pool.query<{ looks: number }>(
    `SELECT ((SELECT coalesce(sum(epoch), 0) FROM "Run" WHERE "projectId" = $1)
      + (SELECT coalesce(sum((detail->>'epochs')::int), 0) FROM "Activity" WHERE "projectId" = $1 AND kind = 'run.deleted'))::int AS looks`,
    [projectId],
  );
  return rows[0]!.looks;
}

/** Runs that have ended with best weights and a finite validation value, best first; of equal ones the earlier. `others`: epochs that they keep beside the best. `elsewhere`: what to say of first weights that learned from other data. */
async function candidates(
  db: Db,
  dataset: { id: string; projectId: string; contentDigest: string | null; splitDigest: string | null },
  { name, direction }: ReturnType<typeof leadMetric>,
) {
  const runs = await db.prisma.run.findMany({
    where: {
      projectId: dataset.projectId,
      datasetId: dataset.id,
      state: { in: ['finished', 'stopped'] },
      bestValue: { not: null },
      checkpoints: { some: { kind: 'best' } },
    },
    orderBy: [{ bestValue: direction === 'max' ? 'desc' : 'asc' }, { number: 'asc' }],
    select: {
      id: true,
      number: true,
      name: true,
      state: true,
      bestValue: true,
      endedAt: true,
      checkpoints: { where: { kind: 'best' }, select: { epoch: true } },
      kept: { orderBy: { epoch: 'asc' }, select: { epoch: true, metrics: true } },
      lineage: { select: { sources: true } },
    },
  });
  return runs.flatMap(({ checkpoints, bestValue, kept, lineage, ...run }) => {
    const epoch = checkpoints[0]?.epoch;
    if (epoch === undefined || bestValue === null || !Number.isFinite(bestValue)) return [];
    const others = kept.flatMap((each) => {
      const validation = (each.metrics as Metrics)[`${name}/validation`];
      return each.epoch !== epoch && typeof validation === 'number' ? [{ epoch: each.epoch, validation }] : [];
    });
    // In words: a lineage holds digests of content, which stay inside until the opening.
    const elsewhere = elsewhereWords(learntElsewhere(lineageSchema.parse(lineage?.sources ?? []), dataset));
    return [{ ...run, validation: bestValue, epoch, others, elsewhere }];
  });
}
