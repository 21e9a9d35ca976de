import { lastBatchShare, stepsPerEpoch } from '#core/config/check-config.ts';
import { datasetSchema } from '#core/data/dataset-schema.ts';
import { byEpoch } from '#core/run/by-epoch.ts';
import {
  type Diagnosis,
  type DiagnosisKind,
  type DiagnosisWords,
  diagnose,
  diagnosisFacts,
  diagnosisWords,
} from '#core/run/diagnosis/index.ts';
import { isCheck } from '#core/run/modes.ts';
import type { Db, Prisma } from '#db/client.ts';
import { readSeries } from '#db/series/series.ts';
import { requireProject, requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from './run-view.ts';

const select = {
  id: true,
  config: true,
  attempt: true,
  epoch: true,
  step: true,
  stopReason: true,
  dataset: { select: { schema: true, nTrain: true, nValidation: true } },
} satisfies Prisma.RunSelect;
type Row = Prisma.RunGetPayload<{ select: typeof select }>;

export type RunDiagnosis = Diagnosis & DiagnosisWords;

/** What the run's curves show so far, with its evidence and in words; null of a check, which is no training. O(points of train loss) once an epoch, then kept. */
export async function diagnoseRun(db: Db, actor: Actor, id: string): Promise<RunDiagnosis | null> {
  const { runId } = await requireRun(db, actor, id, 'read');
  const row = await db.prisma.run.findUniqueOrThrow({ where: { id: runId }, select });
  return isCheck(readStoredConfig(row.config)) ? null : readKept(db, row);
}

/** The same, of a run that the caller was let through to. */
export async function diagnoseKnown(db: Db, runId: string): Promise<RunDiagnosis> {
  return readKept(db, await db.prisma.run.findUniqueOrThrow({ where: { id: runId }, select }));
}

/** As many as a page lists. */
const NEWEST = 500;
/** Runs whose points are in memory at once. */
const AT_ONCE = 4;

export interface RunVerdict {
  runId: string;
  kind: DiagnosisKind;
  /** e.g. "Overfitting since epoch 14" */
  title: string;
}

/** The verdict of each of the project's newest runs that has begun. */
export async function listDiagnoses(db: Db, actor: Actor, id: string): Promise<RunVerdict[]> {
  const { projectId } = await requireProject(db, actor, id, 'read');
  const begun = await db.prisma.run.findMany({
    where: { projectId, startedAt: { not: null } },
    orderBy: { number: 'desc' },
    take: NEWEST,
    select,
  });
  const rows = begun.filter(({ config }) => !isCheck(readStoredConfig(config)));
  const verdicts: RunVerdict[] = [];
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    const some = rows.slice(i, i + AT_ONCE);
    const told = await Promise.all(some.map((row) => readKept(db, row)));
    verdicts.push(...told.map(({ kind, title }, k) => ({ runId: some[k]!.id, kind, title })));
  }
  return verdicts;
}

/** Epochs that are done never change, so neither does what was read from them. Oldest first; the oldest goes. */
const kept = new Map<string, RunDiagnosis>();
const KEPT = 2_000;

async function readKept(db: Db, row: Row): Promise<RunDiagnosis> {
  const key = `${row.id} ${row.attempt} ${row.epoch} ${row.stopReason}`;
  const known = kept.get(key);
  if (known) return known;
  const told = await readNow(db, row);
  // Points may arrive a moment after the row that counts them.
  if (told.figures.epochs < row.epoch) return told;
  kept.set(key, told);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return told;
}

async function readNow(db: Db, row: Row): Promise<RunDiagnosis> {
  const schema = datasetSchema.parse(row.dataset.schema);
  const config = readStoredConfig(row.config);
  const trainItems = row.dataset.nTrain ?? 1;
  const perEpoch = stepsPerEpoch(trainItems, config);
  const series = await readSeries(db.pool, row.id, ['loss/train', 'loss/validation']);
  const curve = (name: string) => {
    const found = series.find((one) => one.name === name) ?? { steps: [], times: [], values: [] };
    return byEpoch(found, perEpoch, row.step, lastBatchShare(trainItems, config));
  };
  const train = curve('loss/train');
  const validation = curve('loss/validation');
  const validationAt = new Map(validation.steps.map((step, i) => [step, validation.values[i]!]));
  const both = train.steps.flatMap((step, i) => (validationAt.has(step) ? [i] : []));
  const facts = diagnosisFacts({
    config,
    stopReason: row.stopReason,
    schema,
    trainItems,
    validationItems: row.dataset.nValidation ?? 1,
  });
  const diagnosis = diagnose(
    {
      lossTrain: both.map((i) => train.values[i]!),
      lossValidation: both.map((i) => validationAt.get(train.steps[i]!)!),
    },
    facts,
  );
  return { ...diagnosis, ...diagnosisWords(diagnosis, facts, 'image' in schema ? 'image' : 'row') };
}
