import { createHash } from 'node:crypto';
import { runConfigSchema } from '#core/config/run-config.ts';
import { type DatasetSchema, datasetSchema, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import { canonicalJson } from '#core/seal/canonical.ts';
import type { CertificateDocument } from '#core/seal/certificate.ts';
import { type Lineage, lineageSchema, sameData } from '#core/transfer/lineage.ts';
import { type KnownData, otherData } from '#core/transfer/overlap.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { earlierOpenings } from '#db/openings/earlier-openings.ts';
import { CLAIM_OPENING, RELEASE_OPENING, RENEW_OPENING, STORE_OPENING } from '#db/sql/openings.ts';
import { transaction } from '#db/sql/transaction.ts';
import type { EngineOptions } from '#engine/open-engine.ts';
import { logWords } from '../log-words.ts';
import type { SourceData } from './compare-sources.ts';
import type { Scorer } from './fork-scorer.ts';
import type { Score, ScoreJob } from './score-job.ts';
import type { SigningKey } from './signing-key.ts';

/** A source that can't be read after so many tries is said to be so. */
const PATIENT_ATTEMPTS = 8;
/** Of the data sets with the same content: a course hands one file to every team. */
const MOST_COPIES = 50;

export interface Opener {
  db: Db;
  dataDir: string;
  engine: EngineOptions;
  key: SigningKey;
  score: Scorer;
  /** this referee, unique among all that run */
  who: string;
  leaseMs: number;
  /** First wait after a failure; doubles with each, up to a minute. */
  retryMs: number;
}

/**
 * Takes the oldest commitment that nobody works on, scores it, signs and stores in one transaction.
 * A crash before the store leaves the row as committed: whoever claims it next scores the same weights.
 * Two referees can't both store: the store names the lease.
 * @returns false where nothing waited
 */
export async function openNext(opener: Opener, signal: AbortSignal): Promise<boolean> {
  const { db, who, leaseMs } = opener;
  const claimed = await db.pool.query<{ projectId: string }>(CLAIM_OPENING, [who, leaseMs]);
  const projectId = claimed.rows[0]?.projectId;
  if (!projectId) return false;
  await changed(db, projectId);

  const lost = new AbortController();
  const renewal = setInterval(() => {
    db.pool.query(RENEW_OPENING, [projectId, who, leaseMs]).then(
      ({ rowCount }) => rowCount === 0 && lost.abort(),
      // Postgres is away for a moment: the lease runs on, and the store asks for it again.
      (error: unknown) => console.error('The lease of an opening could not be renewed.', error),
    );
  }, leaseMs / 3);
  try {
    const { job, document } = await prepare(opener, projectId);
    const score = await opener.score(job, AbortSignal.any([signal, lost.signal]));
    await store(opener, projectId, document, score);
  } catch (error) {
    if (lost.signal.aborted) return true;
    await release(opener, projectId, signal.aborted ? null : error);
  } finally {
    clearInterval(renewal);
  }
  return true;
}

/** The document before what only the storing transaction can say. */
type Unstored = Omit<CertificateDocument, 'result' | 'openedAt' | 'earlierOpenings'>;

/** Reads what was committed and agrees it with its digests. */
async function prepare(opener: Opener, projectId: string): Promise<{ job: ScoreJob; document: Unstored }> {
  const row = await opener.db.prisma.opening.findUniqueOrThrow({
    where: { projectId },
    include: {
      committedBy: { select: { name: true } },
      project: { include: { team: { include: { course: true } } } },
      run: { include: { dataset: { include: { sealedPart: true } }, lineage: true } },
    },
  });
  const { run, project } = row;
  const { dataset } = run;
  const { sealedPart } = dataset;
  if (!sealedPart || !dataset.trainKey || !dataset.contentDigest || !dataset.splitDigest)
    throw new AppError(
      'conflict',
      'The data set of the committed run is no longer whole. Restore the database from a backup.',
    );
  if (createHash('sha256').update(canonicalJson(run.config)).digest('hex') !== row.configDigest)
    throw new AppError(
      'conflict',
      "The committed run's configuration is not the one that was committed. Restore the database from a backup.",
    );
  const { team } = project;
  const pick = ({ id, name }: { id: string; name: string }) => ({ id, name });
  const { contentDigest, splitDigest } = dataset;
  const lineage = run.lineage && lineageSchema.parse(run.lineage.sources);
  const schema = datasetSchema.parse(dataset.schema);
  const others = otherData(lineage ?? [], { contentDigest, splitDigest });
  return {
    job: {
      dataDir: opener.dataDir,
      engine: opener.engine,
      sealed: sealedPart,
      n: row.n,
      schema,
      model: runConfigSchema.parse(run.config).model,
      weightsKey: row.weightsKey,
      weightsDigest: row.weightsDigest,
      trainKey: dataset.trainKey,
      splitDigest,
      sources: await Promise.all(others.map((data) => findData(opener.db, data, lineage ?? []))),
      patient: row.attempts < PATIENT_ATTEMPTS,
    },
    document: {
      type: 'holdout-certificate',
      version: 1,
      project: pick(project),
      course: { ...pick(team.course), term: team.course.term },
      team: pick(team),
      dataset: {
        ...pick(dataset),
        contentDigest,
        splitDigest,
        sealedDigest: sealedPart.digest,
      },
      run: {
        ...pick(run),
        number: run.number,
        epoch: row.epoch,
        configDigest: row.configDigest,
        weightsDigest: row.weightsDigest,
        ...(lineage && { lineage }),
      },
      validation: { n: dataset.nValidation ?? 0, value: row.validation, ...(await rankOf(opener.db, row, schema)) },
      committedBy: row.committedBy?.name ?? null,
      committedAt: row.committedAt.toISOString(),
    },
  };
}

/** Where the committed value stands among the runs that could be final then. */
async function rankOf(
  db: Db,
  row: { projectId: string; runId: string; run: { datasetId: string }; validation: number; committedAt: Date },
  schema: DatasetSchema,
): Promise<{ rank: number; of: number }> {
  const others = await db.prisma.run.findMany({
    where: {
      ...{ projectId: row.projectId, datasetId: row.run.datasetId, id: { not: row.runId } },
      ...{ state: { in: ['finished', 'stopped'] }, endedAt: { lte: row.committedAt } },
      ...{ bestValue: { not: null }, checkpoints: { some: { kind: 'best' } } },
    },
    select: { bestValue: true },
  });
  const values = others.map(({ bestValue }) => bestValue!).filter(Number.isFinite);
  const { direction } = leadMetric(taskOf(schema));
  const better = values.filter((value) => (direction === 'max' ? value > row.validation : value < row.validation));
  return { rank: better.length + 1, of: values.length + 1 };
}

/** The data sets of this content. Another copy may name its columns otherwise, or be deleted: the one that was learned from comes first. */
async function findData(db: Db, { contentDigest, splitDigest }: KnownData, lineage: Lineage): Promise<SourceData> {
  const data = { contentDigest, splitDigest };
  const runs = lineage.flatMap((step) => (step.kind === 'run' && sameData(step, data) ? [step.runId] : []));
  const select = { schema: true, trainKey: true, validationKey: true };
  const [learned, same] = await Promise.all([
    db.prisma.dataset.findMany({ where: { ...data, runs: { some: { id: { in: runs } } } }, take: 1, select }),
    db.prisma.dataset.findMany({ where: data, orderBy: { id: 'asc' }, take: MOST_COPIES, select }),
  ]);
  const copies = [...learned, ...same].flatMap(({ schema, trainKey, validationKey }) => {
    const parsed = datasetSchema.safeParse(schema);
    return parsed.success && trainKey && validationKey
      ? [{ schema: parsed.data, keys: [trainKey, validationKey] }]
      : [];
  });
  return { ...data, copies };
}

async function store(
  { db, key, who }: Opener,
  projectId: string,
  unstored: Unstored,
  { result, overlaps }: Score,
): Promise<void> {
  await transaction(db.pool, async (client) => {
    const document: CertificateDocument = {
      ...unstored,
      run: { ...unstored.run, ...(overlaps.length > 0 && { overlaps }) },
      result,
      earlierOpenings: await earlierOpenings(client, projectId, unstored.dataset.splitDigest),
      openedAt: new Date().toISOString(),
    };
    const certificate = key.sign(document);
    const values = [projectId, who, JSON.stringify(result), JSON.stringify(certificate), document.openedAt];
    const { rowCount } = await client.query(STORE_OPENING, values);
    // Another referee holds it by now, or it is opened: what was computed here counts for nothing.
    if (rowCount === 0) return;
    await client.query(
      'INSERT INTO "Activity" ("projectId", "userId", kind, detail) SELECT $1, "committedById", $2, $3 FROM "Opening" WHERE "projectId" = $1',
      [projectId, 'test.opened', { runId: document.run.id, number: document.run.number, name: document.run.name }],
    );
    await notify(client, { topic: 'opening', id: projectId, projectId });
    await notify(client, { topic: 'project', id: projectId, projectId });
  });
}

/** Gives the lease back: at once where this referee was asked to stop, later where it failed. */
async function release({ db, who, retryMs }: Opener, projectId: string, error: unknown): Promise<void> {
  const { attempts } = await db.prisma.opening.findUniqueOrThrow({ where: { projectId }, select: { attempts: true } });
  const wait = error === null ? 0 : Math.min(60_000, retryMs * 2 ** Math.min(attempts - 1, 10));
  const known = error === null || error instanceof AppError;
  if (!known) console.error(`The opening of project ${projectId} failed: ${logWords(error)}`);
  const words = known
    ? (error?.message ?? null)
    : 'The referee could not finish; its log has the reason. It tries again by itself.';
  await db.pool.query(RELEASE_OPENING, [projectId, who, words, wait]);
  await changed(db, projectId);
}

const changed = (db: Db, projectId: string) => notify(db.pool, { topic: 'opening', id: projectId, projectId });
