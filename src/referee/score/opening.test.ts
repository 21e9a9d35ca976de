import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { certificateSchema, verifyCertificate } from '#core/seal/certificate.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { openEvents } from '#db/events/events.ts';
import { finishedRun } from '#db/testing/sealed-project.ts';
import { testDb } from '#db/testing.ts';
import { openEngine } from '#engine/open-engine.ts';
import { forkScorer, type Scorer } from './fork-scorer.ts';
import { type OpeningWorker, startOpeningWorker } from './opening-worker.ts';
import { openSigningKey, signingKeyPath } from './signing-key.ts';
import { committedIris, sealedIris, trainedIris } from './testing/iris.ts';

const db = await testDb();
const events = openEvents(db.url);
const dataDir = await mkdtemp(path.join(tmpdir(), 'holdout-opening-'));
let iris: Awaited<ReturnType<typeof trainedIris>>;

beforeAll(async () => {
  const engine = await openEngine();
  iris = await trainedIris(engine);
  await engine.close();
});

const workers: OpeningWorker[] = [];
const processes: ChildProcess[] = [];
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(async () => {
  await events.close();
  await rm(dataDir, { recursive: true });
});

async function referee(options: { score?: Scorer; leaseMs?: number } = {}): Promise<OpeningWorker> {
  const worker = await startOpeningWorker({ db, events, dataDir, lookMs: 50, retryMs: 20, ...options });
  workers.push(worker);
  return worker;
}
const rowOf = (projectId: string) => db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
const openedRow = (projectId: string) =>
  vi.waitFor(
    async () => {
      const row = await rowOf(projectId);
      expect(row.state).toBe('opened');
      return row;
    },
    { timeout: 60_000, interval: 50 },
  );

test('a commitment is scored once, signed and stored with its interval', async () => {
  const { projectId, student, project, dataset, run } = await committedIris(db, dataDir, iris);
  const source = {
    ...{ kind: 'model', modelId: 'm', name: 'base', filename: 'base.keras', format: 'keras', fileDigest: 'f' },
    ...{ cutAfter: 'dense1', layers: ['dense1'], weightsDigest: 'w' },
  };
  const start = { weightsKey: 'models/gone.safetensors', digest: 'w' };
  await db.prisma.lineage.create({ data: { runId: run.id, sources: [source], ...start } });
  const other = { projectId, datasetId: dataset.id };
  const better = await finishedRun(db, other, { weightsKey: 'x', digest: 'x', value: 0.95 });
  await db.prisma.run.update({ where: { id: better.id }, data: { endedAt: new Date(0) } });
  // One that ended after the commitment was nothing to choose.
  await finishedRun(db, other, { weightsKey: 'y', digest: 'y', value: 0.99 });
  await referee();
  const row = await openedRow(projectId);
  expect(row.attempts).toBe(1);
  expect(row.result).toMatchObject({ metric: 'accuracy', n: 30, method: 'Wilson', baseline: { value: 1 / 3 } });
  const { value, interval, perClass } = row.result as {
    value: number;
    interval: { low: number; high: number };
    perClass: { items: number }[];
  };
  expect(value).toBeGreaterThan(0.9);
  expect(interval.low).toBeLessThan(value);
  expect(interval.high).toBeGreaterThanOrEqual(value);
  expect(perClass.map((c) => c.items)).toEqual([10, 10, 10]);

  const keys = await db.prisma.certificateKey.findMany();
  const published = keys.map(({ kid, x }) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, kid, x }));
  const verdict = await verifyCertificate(row.certificate, published);
  expect(verdict).toMatchObject({
    valid: true,
    document: {
      project: { name: project.name },
      team: { name: 'Kestrel' },
      committedBy: student.name,
      dataset: { contentDigest: dataset.contentDigest },
      result: { value },
      validation: { value: 0.9, rank: 2, of: 2 },
      run: { lineage: [source] },
      openedAt: row.openedAt!.toISOString(),
    },
  });
  const forged = JSON.parse(JSON.stringify(row.certificate));
  forged.document.result.value = 0.123;
  expect(await verifyCertificate(forged, published)).toMatchObject({ valid: false });
  expect(await db.prisma.activity.count({ where: { projectId, kind: 'test.opened' } })).toBe(1);
});

test('the certificate says how many test items the sources of the weights had learned from', async () => {
  // Another data set, whose validation part holds all that is the test part here.
  const validationKey = `packs/${randomUUID()}/validation.safetensors`;
  await openBlobs(dataDir).put(validationKey, iris.testPack);
  const elsewhere = await sealedIris(db, dataDir, iris, { validationKey });
  const { contentDigest, splitDigest } = elsewhere.dataset;
  const { projectId, run } = await committedIris(db, dataDir, iris);
  const step = {
    ...{ kind: 'run', runId: elsewhere.run.id, number: 1, name: 'base', projectId: elsewhere.projectId, project: 'p' },
    ...{ team: 't', epoch: 3, dataset: 'other', cutAfter: null, layers: ['hidden'], weightsDigest: 'w' },
  };
  const gone = { ...step, contentDigest: 'a'.repeat(64), splitDigest: 'b'.repeat(64) };
  const sources = [{ ...step, contentDigest, splitDigest }, gone];
  await db.prisma.lineage.create({ data: { runId: run.id, sources, weightsKey: 'models/gone', digest: 'w' } });
  await referee();
  const row = await openedRow(projectId);
  const { document } = certificateSchema.parse(row.certificate);
  expect(document.run.overlaps).toEqual([
    { contentDigest, splitDigest, testItems: 30, reason: null },
    { contentDigest: gone.contentDigest, splitDigest: gone.splitDigest, testItems: null, reason: 'it is deleted' },
  ]);
});

test('the certificate of a second project on the same test part carries the first opening, archived or not', async () => {
  const first = await committedIris(db, dataDir, iris);
  const worker = await referee();
  const opened = await openedRow(first.projectId);
  expect(certificateSchema.parse(opened.certificate).document.earlierOpenings).toEqual([]);
  await worker.stop();
  await db.prisma.project.update({ where: { id: first.projectId }, data: { archivedAt: new Date() } });

  const splitDigest = first.dataset.splitDigest!;
  const second = await committedIris(db, dataDir, iris, { splitDigest });
  await db.prisma.project.update({ where: { id: second.projectId }, data: { teamId: first.team.id } });
  const other = await committedIris(db, dataDir, iris, { splitDigest });
  await referee();
  const certificate = certificateSchema.parse((await openedRow(second.projectId)).certificate);
  expect(certificate.document.earlierOpenings).toEqual([
    {
      project: { id: first.projectId, name: first.project.name },
      committedAt: opened.committedAt.toISOString(),
      openedAt: opened.openedAt!.toISOString(),
    },
  ]);
  const keys = (await db.prisma.certificateKey.findMany()).map(({ kid, x }) => ({
    kty: 'OKP' as const,
    crv: 'Ed25519' as const,
    kid,
    x,
  }));
  expect(await verifyCertificate(certificate, keys)).toMatchObject({ valid: true });
  const silent = structuredClone(certificate);
  silent.document.earlierOpenings = [];
  expect(await verifyCertificate(silent, keys)).toMatchObject({ valid: false });
  // Another team that got the same file has opened nothing before.
  const others = certificateSchema.parse((await openedRow(other.projectId)).certificate);
  expect(others.document.earlierOpenings).toEqual([]);
});

test('of many referees one scores', async () => {
  const { projectId } = await committedIris(db, dataDir, iris);
  let scored = 0;
  const counting: Scorer = (job, signal) => {
    scored++;
    return forkScorer(job, signal);
  };
  await Promise.all(Array.from({ length: 5 }, () => referee({ score: counting })));
  const row = await openedRow(projectId);
  expect(scored).toBe(1);
  expect(row.attempts).toBe(1);
});

test('a referee killed in the middle of scoring: the next one finishes with the same weights and value', async () => {
  const calm = await committedIris(db, dataDir, iris);
  const first = await referee();
  const expected = await openedRow(calm.projectId);
  await first.stop();

  const { projectId } = await committedIris(db, dataDir, iris);
  const child = fork(path.join(import.meta.dirname, 'testing/referee-process.ts'), [db.url, dataDir, '1000', '']);
  processes.push(child);
  await vi.waitFor(async () => expect((await rowOf(projectId)).leaseBy).not.toBeNull(), {
    timeout: 20_000,
    interval: 5,
  });
  child.kill('SIGKILL');
  expect(await rowOf(projectId)).toMatchObject({ state: 'committed', result: null });

  await referee();
  const row = await openedRow(projectId);
  expect(row.attempts).toBe(2);
  expect(row.result).toEqual(expected.result);
});

test('a referee that lost its lease does not store', async () => {
  const { projectId } = await committedIris(db, dataDir, iris);
  const gate = Promise.withResolvers<void>();
  let slow = 0;
  const sleepy: Scorer = async (job, signal) => {
    slow++;
    const result = await forkScorer(job, new AbortController().signal);
    await gate.promise;
    void signal;
    return { ...result, method: 'too late' };
  };
  await referee({ score: sleepy });
  await vi.waitFor(() => expect(slow).toBe(1));
  await db.prisma.opening.update({ where: { projectId }, data: { leaseUntil: new Date(0), leaseBy: 'nobody' } });
  await referee();
  const row = await openedRow(projectId);
  gate.resolve();
  await workers[0]!.stop();
  expect(await rowOf(projectId)).toEqual(row);
  expect(row.result).toMatchObject({ method: 'Wilson' });
});

test('tampered weights are refused in words, nothing is scored, and it goes on once they are back', async () => {
  const { projectId, weightsFile } = await committedIris(db, dataDir, iris);
  const good = await readFile(weightsFile);
  const bad = Buffer.from(good);
  bad[bad.length - 1]! ^= 1;
  await writeFile(weightsFile, bad);
  await referee();
  await vi.waitFor(
    async () => expect((await rowOf(projectId)).error).toMatch(/do not fit their digest. Nothing was scored/),
    {
      timeout: 20_000,
    },
  );
  expect(await rowOf(projectId)).toMatchObject({ state: 'committed', result: null });
  await writeFile(weightsFile, good);
  expect(await openedRow(projectId)).toMatchObject({ error: null });
});

test('a changed sealed part is refused without a word about its content', async () => {
  const { projectId, sealedFile } = await committedIris(db, dataDir, iris);
  const bytes = await readFile(sealedFile);
  await writeFile(sealedFile, Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]));
  await referee();
  await vi.waitFor(async () => expect((await rowOf(projectId)).error).toMatch(/tries again/), { timeout: 20_000 });
  await writeFile(sealedFile, bytes);
  await openedRow(projectId);
});

test('stopping a referee gives its lease back at once', async () => {
  const { projectId } = await committedIris(db, dataDir, iris);
  const started = Promise.withResolvers<void>();
  const worker = await referee({
    score: (_, signal) => {
      started.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    },
  });
  await started.promise;
  await worker.stop();
  expect(await rowOf(projectId)).toMatchObject({ state: 'committed', leaseBy: null, error: null });
  await referee();
  await openedRow(projectId);
});

test('the signing key is made once, for its owner alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdout-key-'));
  const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(folder)));
  expect(new Set(keys.map((key) => key.publicKey.x)).size).toBe(1);
  expect((await stat(signingKeyPath(folder))).mode & 0o777).toBe(0o600);
  await writeFile(signingKeyPath(folder), 'junk');
  await expect(openSigningKey(folder)).rejects.toThrow(/is not an Ed25519 key/);
  await rm(folder, { recursive: true });
});
