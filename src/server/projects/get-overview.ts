import { gap } from '#core/class/needs-help.ts';
import { datasetSchema, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { activityWords, isDeed } from '#core/format/activity-words.ts';
import { testResultSchema } from '#core/seal/result.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { bestCurves } from '../classes/get-class.ts';
import { diagnoseKnown } from '../runs/diagnose-run.ts';
import type { Metrics } from '../runs/run-view.ts';

const LATELY = 12;

/** Where the project stands: its data, first run, best run, opening, and what the team did lately. */
export async function getOverview(db: Db, actor: Actor, projectId: string) {
  const access = await requireProject(db, actor, projectId, 'read');
  const where = { projectId: access.projectId };
  const [dataset, first, states, opening, lately] = await Promise.all([
    newestDataset(db, access.projectId),
    db.prisma.run.findFirst({
      where,
      orderBy: { number: 'asc' },
      select: { id: true, number: true, name: true, createdAt: true, createdBy: { select: { name: true } } },
    }),
    db.prisma.run.groupBy({ by: ['state'], where, _count: true }),
    db.prisma.opening.findUnique({
      where,
      select: {
        state: true,
        committedAt: true,
        openedAt: true,
        validation: true,
        result: true,
        run: { select: { id: true, number: true } },
      },
    }),
    db.prisma.activity.findMany({
      where,
      orderBy: { id: 'desc' },
      take: LATELY,
      select: { id: true, at: true, kind: true, detail: true, user: { select: { name: true } } },
    }),
  ]);
  const metric = dataset?.schema ? leadMetric(taskOf(datasetSchema.parse(dataset.schema))) : null;
  const result = opening?.state === 'opened' ? testResultSchema.parse(opening.result) : null;
  return {
    canWrite: access.canWrite,
    dataset: dataset && {
      id: dataset.id,
      name: dataset.name,
      state: dataset.state,
      error: dataset.error,
      sealedAt: dataset.sealedAt,
      nTrain: dataset.nTrain,
      nValidation: dataset.nValidation,
      nTest: dataset.nTest,
      /** runs that start by themselves once it is sealed */
      plannedRuns: Array.isArray(dataset.afterSeal) ? dataset.afterSeal.length : 0,
    },
    firstRun: first,
    runs: Object.fromEntries(states.map(({ state, _count }) => [state, _count])) as Partial<
      Record<(typeof states)[number]['state'], number>
    >,
    metric,
    best: metric && dataset?.state === 'sealed' ? await bestRun(db, access.projectId, dataset.id, metric) : null,
    opening: opening && {
      state: opening.state,
      at: opening.openedAt ?? opening.committedAt,
      runId: opening.run.id,
      runNumber: opening.run.number,
      /** of the committed weights */
      validation: opening.validation,
      test: result && {
        metric: result.metric,
        value: result.value,
        interval: result.interval,
        n: result.n,
      },
    },
    lately: lately.map(({ id, at, kind, detail, user }) => ({
      id: String(id),
      at,
      by: isDeed(kind) ? (user?.name ?? null) : null,
      ...activityWords(kind, detail as Record<string, unknown>),
    })),
  };
}

/** The sealed one, else the newest that hasn't been given up. */
async function newestDataset(db: Db, projectId: string) {
  const select = {
    id: true,
    name: true,
    state: true,
    error: true,
    schema: true,
    afterSeal: true,
    sealedAt: true,
    nTrain: true,
    nValidation: true,
    nTest: true,
  } as const;
  const sealed = await db.prisma.dataset.findFirst({ where: { projectId, state: 'sealed' }, select });
  return (
    sealed ??
    db.prisma.dataset.findFirst({ where: { projectId, state: { not: 'cancelled' } }, orderBy: { id: 'desc' }, select })
  );
}

async function bestRun(
  db: Db,
  projectId: string,
  datasetId: string,
  metric: { name: 'accuracy' | 'rmse'; direction: 'max' | 'min' },
) {
  const run = await db.prisma.run.findFirst({
    where: {
      projectId, // has the index
      datasetId,
      // NaN sorts above every number in Postgres, so the bounds leave it out, as they do infinity.
      bestValue: { gt: -1e300, lt: 1e300 },
    },
    orderBy: [{ bestValue: metric.direction === 'max' ? 'desc' : 'asc' }, { number: 'asc' }],
    select: {
      id: true,
      number: true,
      name: true,
      state: true,
      epoch: true,
      bestEpoch: true,
      bestValue: true,
      bestMetrics: true,
    },
  });
  if (!run) return null;
  const { bestMetrics, ...rest } = run;
  const at = bestMetrics as Metrics;
  return {
    ...rest,
    diagnosis: await diagnoseKnown(db, run.id),
    value: run.bestValue!,
    gap: gap(metric.name, {
      train: at[`${metric.name}/train`] ?? null,
      validation: at[`${metric.name}/validation`] ?? null,
    }),
    curves: await bestCurves(db, run.id, metric.name),
  };
}
