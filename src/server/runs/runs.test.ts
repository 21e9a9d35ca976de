import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type RunConfigInput, runConfigSchema } from '#core/config/run-config.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { claimRun, renewLeases } from '#db/runs/queue.ts';
import { appendPoints } from '#db/series/series.ts';
import { makeDataset, makeProject, type makeTeam } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import type { Actor } from '../actor.ts';
import { getFinal } from '../openings/get-final.ts';
import { listArtifacts } from './artifacts.ts';
import { deleteRun } from './delete-run.ts';
import { diagnoseRun, listDiagnoses } from './diagnose-run.ts';
import { getLaunchInfo } from './get-launch-info.ts';
import { getLog } from './get-log.ts';
import { getRun } from './get-run.ts';
import { getSeries, listSeriesNames } from './get-series.ts';
import { launchRun } from './launch-run.ts';
import { listRuns } from './list-runs.ts';
import { logPoints, logPointsInput } from './log-points.ts';
import { renameRun } from './rename-run.ts';
import { stopRun } from './stop-run.ts';

const db = await testDb();
const schema = {
  kind: 'image-classification',
  image: { height: 8, width: 8, channels: 1 },
  classes: ['a', 'b', 'c'],
};
const config = runConfigSchema.parse({
  model: {
    layers: [
      { type: 'flatten', name: 'flatten' },
      { type: 'dense', name: 'dense1', units: 3 },
    ],
  },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 10,
  epochs: 4,
} satisfies RunConfigInput);
const actorOf = (user: { id: string }): Actor => ({
  userId: user.id,
  isAdmin: false,
  via: { kind: 'session', sessionId: 's' },
});
async function newProject(team?: Awaited<ReturnType<typeof makeTeam>>) {
  const made = await makeProject(db, team);
  await makeDataset(db, made, { schema, nTrain: 35, nValidation: 7, nTest: 8 });
  return { ...made, projectId: made.project.id, actor: actorOf(made.user) };
}
async function newTrainer() {
  const data = { name: 't', host: 'h', pid: 1, device: 'cpu:0', engine: 'tensorflow' };
  return (await db.prisma.trainer.create({ data })).id;
}

test('launches one run a seed, numbered without a gap, each with its own configuration', async () => {
  const { projectId, actor } = await newProject();
  const one = await launchRun(db, actor, { projectId, config });
  const two = await launchRun(db, actor, { projectId, config, seeds: [7, 8], parentId: one.runs[0]!.id });
  expect([...one.runs, ...two.runs].map((r) => [r.number, r.name])).toEqual([
    [1, 'Linear'],
    [2, 'Linear · seed 7'],
    [3, 'Linear · seed 8'],
  ]);
  const run = await getRun(db, actor, two.runs[1]!.id);
  expect(run).toMatchObject({ state: 'queued', totalSteps: 16, stepsPerEpoch: 4, parameters: 64 * 3 + 3 });
  expect(run.config.seed).toBe(8);
  expect(run.parent!.number).toBe(1);
});

test('simultaneous launches get different numbers', async () => {
  const { projectId, actor } = await newProject();
  const launched = await Promise.all(Array.from({ length: 6 }, () => launchRun(db, actor, { projectId, config })));
  expect(launched.flatMap((l) => l.runs.map((r) => r.number)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('refuses a model that gives the wrong answer size, naming the layer, and makes nothing', async () => {
  const { projectId, actor } = await newProject();
  const wrong = { ...config, model: { layers: config.model.layers.slice(0, 1) } };
  await expect(launchRun(db, actor, { projectId, config: wrong })).rejects.toMatchObject({
    code: 'invalid_data',
    items: [{ path: '/model/layers/0' }],
  });
  expect((await listRuns(db, actor, { projectId })).items).toEqual([]);
});

test('before the data is sealed nothing can be launched', async () => {
  const made = await makeProject(db);
  const launch = launchRun(db, actorOf(made.user), { projectId: made.project.id, config });
  await expect(launch).rejects.toMatchObject({ code: 'conflict' });
});

test("another team's run answers as one that does not exist, in every use case", async () => {
  const mine = await newProject();
  const { runs } = await launchRun(db, mine.actor, { projectId: mine.projectId, config });
  const id = runs[0]!.id;
  const stranger = (await newProject()).actor;
  const messages = new Set<string>();
  for (const runId of [id, crypto.randomUUID(), 'no-id'])
    for (const ask of [
      () => getRun(db, stranger, runId),
      () => stopRun(db, stranger, runId),
      () => renameRun(db, stranger, { runId, name: 'x' }),
      () => getLog(db, stranger, { runId }),
      () => listArtifacts(db, stranger, runId),
      () => getSeries(db, stranger, { runs: [{ id: runId }], names: ['loss/train'] }),
      () => listSeriesNames(db, stranger, { runIds: [runId] }),
      () => logPoints(db, stranger, runId, { series: [{ name: 'custom/a', steps: [1], values: [1] }] }),
    ])
      await ask().then(
        () => messages.add('answered'),
        (error) => messages.add(`${error.code} ${error.message}`),
      );
  expect(messages.size).toBe(1);
  expect([...messages][0]).toMatch(/^not_found/);
});

test('the list is paged by a cursor that new runs do not shift, and filtered by state and text', async () => {
  const { projectId, actor } = await newProject();
  await launchRun(db, actor, { projectId, config, seeds: [1, 2, 3, 4, 5] });
  const first = await listRuns(db, actor, { projectId, limit: 2 });
  await launchRun(db, actor, { projectId, config, name: 'Special' });
  const second = await listRuns(db, actor, { projectId, limit: 2, cursor: first.nextCursor });
  const third = await listRuns(db, actor, { projectId, limit: 2, cursor: second.nextCursor });
  expect([first, second, third].map((p) => p.items.map((r) => r.number))).toEqual([[5, 4], [3, 2], [1]]);
  expect(third.nextCursor).toBeNull();
  expect((await listRuns(db, actor, { projectId, search: 'spec' })).items.map((r) => r.number)).toEqual([6]);
  expect((await listRuns(db, actor, { projectId, search: 'r-0002' })).items.map((r) => r.number)).toContain(2);
  expect((await listRuns(db, actor, { projectId, states: ['running'] })).items).toEqual([]);
});

test('what a run may take is its share of the largest device, and the launch page knows when all are busy', async () => {
  const { projectId, actor } = await newProject();
  await db.prisma.run.updateMany({ where: { endedAt: null }, data: { state: 'cancelled', endedAt: new Date() } });
  const trainer = async (name: string, memoryBytes: number, slots: number) =>
    (
      await db.prisma.trainer.create({
        data: { name, host: 'h', pid: 1, device: 'cpu:0', engine: 'wasm', info: { memoryBytes, slots } },
      })
    ).id;
  const ids = [await trainer('wide', 16e9, 4), await trainer('narrow', 10e9, 1)];
  const info = await getLaunchInfo(db, actor, projectId);
  expect(info).toMatchObject({ memoryBudget: { bytes: 8e9, where: 'cpu:0 of narrow' }, busy: false, waiting: 0 });
  await launchRun(db, actor, { projectId, config, seeds: [1, 2, 3, 4, 5] });
  for (let i = 0; i < 5; i++) await claimRun(db.pool, ids[i % 2]!);
  expect((await getLaunchInfo(db, actor, projectId)).busy).toBe(true);
  await db.prisma.trainer.deleteMany({ where: { id: { in: ids } } });
  await db.prisma.run.updateMany({ where: { projectId }, data: { state: 'cancelled', endedAt: new Date() } });
});

test('a waiting run is cancelled, a running one asked to stop, one that is over stays', async () => {
  const { projectId, actor } = await newProject();
  await db.prisma.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled', endedAt: new Date() } });
  const { runs } = await launchRun(db, actor, { projectId, config, seeds: [1, 2] });
  expect((await stopRun(db, actor, runs[0]!.id)).state).toBe('cancelled');
  expect((await stopRun(db, actor, runs[0]!.id)).state).toBe('cancelled');
  expect((await claimRun(db.pool, await newTrainer()))!.runId).toBe(runs[1]!.id);
  expect((await stopRun(db, actor, runs[1]!.id)).state).toBe('running');
  expect((await getRun(db, actor, runs[1]!.id)).stopRequestedAt).not.toBeNull();
});

test('a run whose trainer was lost says so, and promises no time', async () => {
  const { projectId, actor } = await newProject();
  await db.prisma.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled', endedAt: new Date() } });
  const { runs } = await launchRun(db, actor, { projectId, config });
  const id = runs[0]!.id;
  await claimRun(db.pool, await newTrainer());
  // It went on from step 100 a moment ago: the hour of its load and of the attempt before says nothing of its pace.
  await db.prisma.run.update({ where: { id }, data: { step: 111, totalSteps: 211 } });
  await db.pool.query(
    `UPDATE "Attempt" SET "startedAt" = now() - interval '1 hour', "resumedStep" = 100 WHERE "runId" = $1`,
    [id],
  );
  const times = [-3_600_000, -10_000, -1].map((ms) => Date.now() + ms);
  await appendPoints(db.pool, id, [{ name: 'loss/train', steps: [100, 101, 111], times, values: [1, 1, 1] }]);
  const trains = await getRun(db, actor, id);
  expect(trains.interrupted).toBe(false);
  expect(trains.secondsLeft).toBeGreaterThanOrEqual(100);
  expect(trains.secondsLeft).toBeLessThan(120);
  await db.pool.query(`UPDATE "Run" SET "leaseUntil" = now() - interval '1 minute' WHERE id = $1`, [id]);
  expect(await getRun(db, actor, id)).toMatchObject({ state: 'running', interrupted: true, secondsLeft: null });
  expect((await listRuns(db, actor, { projectId })).items[0]!.interrupted).toBe(true);
  await stopRun(db, actor, id);
  expect((await getRun(db, actor, id)).interrupted).toBe(false);
});

test('a run whose trainer was lost ends at once, with what its last checkpoint kept', async () => {
  const { projectId, actor } = await newProject();
  await db.prisma.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled', endedAt: new Date() } });
  const { runs } = await launchRun(db, actor, { projectId, config });
  const id = runs[0]!.id;
  const held = (await claimRun(db.pool, await newTrainer()))!;
  await db.pool.query(`UPDATE "Run" SET "leaseUntil" = now() - interval '1 minute' WHERE id = $1`, [id]);
  expect((await stopRun(db, actor, id)).state).toBe('stopped');
  const run = await getRun(db, actor, id);
  expect(run).toMatchObject({ stopReason: 'stopped_by_person', secondsLeft: null });
  expect(run.attempts[0]).toMatchObject({ outcome: 'lost' });
  expect(await renewLeases(db.pool, [held])).toEqual(new Map());
});

test('the queue shows the order in which runs are claimed: rounds over the teams', async () => {
  await db.prisma.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled', endedAt: new Date() } });
  await db.prisma.run.updateMany({ where: { state: 'running' }, data: { state: 'failed', endedAt: new Date() } });
  const a = await newProject();
  const b = await newProject();
  const first = await launchRun(db, a.actor, { projectId: a.projectId, config, seeds: [1, 2, 3] });
  const second = await launchRun(db, b.actor, { projectId: b.projectId, config, seeds: [1, 2] });
  const shown: string[] = [];
  for (const [actor, runs] of [[a.actor, first.runs] as const, [b.actor, second.runs] as const])
    for (const run of runs) shown[(await getRun(db, actor, run.id)).queuePosition!] = run.id;
  const trainer = await newTrainer();
  const claimed: string[] = [];
  for (let held = await claimRun(db.pool, trainer); held; held = await claimRun(db.pool, trainer))
    claimed.push(held.runId);
  expect(shown).toEqual(claimed);
});

test('series: what is new of several runs at once, by step and by epoch, thinned where asked', async () => {
  const { projectId, actor } = await newProject();
  const { runs } = await launchRun(db, actor, { projectId, config, seeds: [1, 2] });
  const [one, two] = runs.map((r) => r.id) as [string, string];
  const steps = Array.from({ length: 400 }, (_, i) => i + 1);
  const points = { name: 'loss/train', steps, times: steps, values: steps.map((s) => 1 / s) };
  await appendPoints(db.pool, one, [points]);
  await db.prisma.run.update({ where: { id: one }, data: { step: 400 } });
  const names = ['loss/train'];
  const live = await getSeries(db, actor, { runs: [{ id: one, afterStep: 398 }, { id: two }], names });
  expect(live.map((r) => r.series[0]!.steps)).toEqual([[399, 400], []]);
  const epochs = await getSeries(db, actor, { runs: [{ id: one, afterStep: 394 }], names, by: 'epoch' });
  expect(epochs[0]!.series[0]!.steps).toEqual([396, 400]);
  // 35 items in batches of 10: the fourth holds five.
  expect(epochs[0]!.series[0]!.values[0]).toBeCloseTo((1 / 393 + 1 / 394 + 1 / 395 + 0.5 / 396) / 3.5, 12);
  const thin = await getSeries(db, actor, { runs: [{ id: one }], names, buckets: 10 });
  expect(thin[0]!.series[0]!.steps.length).toBeLessThanOrEqual(40);
  expect(thin[0]!.series[0]!.steps).toEqual(expect.arrayContaining([1, 400]));
  const hot = { name: 'loss/train', steps: [401, 402], times: [1, 2], values: [Number.NaN, 1] };
  await appendPoints(db.pool, one, [hot]);
  for (const buckets of [10, 500]) {
    const [broken] = await getSeries(db, actor, { runs: [{ id: one }], names, buckets });
    expect(broken!.series[0]!.values[broken!.series[0]!.steps.indexOf(401)]).toBeNaN();
  }
});

test('a run is diagnosed by its epochs, and the answer follows them', async () => {
  const { projectId, actor } = await newProject();
  const { runs } = await launchRun(db, actor, { projectId, config: { ...config, epochs: 40 } });
  const runId = runs[0]!.id;
  expect(await diagnoseRun(db, actor, runId)).toMatchObject({ kind: 'unclear', title: 'Too early to say' });
  const epochs = Array.from({ length: 30 }, (_, i) => i + 1);
  const steps = Array.from({ length: 120 }, (_, i) => i + 1);
  const train = { name: 'loss/train', steps, times: steps, values: steps.map((s) => 0.01 + Math.exp(-s / 24)) };
  const ends = epochs.map((e) => 4 * e);
  const rising = epochs.map((e) => 0.3 + Math.exp(-e / 3) + 0.02 * Math.max(0, e - 14));
  await appendPoints(db.pool, runId, [train, { name: 'loss/validation', steps: ends, times: ends, values: rising }]);
  await db.prisma.run.update({
    where: { id: runId },
    data: { state: 'running', startedAt: new Date(), step: 48, epoch: 12 },
  });
  expect(await diagnoseRun(db, actor, runId)).toMatchObject({ kind: 'healthy', figures: { epochs: 12 } });
  await db.prisma.run.update({ where: { id: runId }, data: { step: 120, epoch: 30 } });
  const told = await diagnoseRun(db, actor, runId);
  expect(told).toMatchObject({ kind: 'overfitting', evidence: { to: 30 } });
  expect(told!.sentences).toContain('these 35 images by heart');
  expect(await listDiagnoses(db, actor, projectId)).toEqual([{ runId, kind: 'overfitting', title: told!.title }]);
  await expect(diagnoseRun(db, (await newProject()).actor, runId)).rejects.toMatchObject({ code: 'not_found' });
});

test('scripts log below custom/ alone, and may send a batch again', async () => {
  const { projectId, actor } = await newProject();
  const { runs } = await launchRun(db, actor, { projectId, config });
  const batch = { series: [{ name: 'custom/f1', steps: [1, 2], values: [0.5, null] }] };
  expect(await logPoints(db, actor, runs[0]!.id, batch)).toEqual({ stored: 2, skipped: 0 });
  expect(await logPoints(db, actor, runs[0]!.id, batch)).toEqual({ stored: 0, skipped: 2 });
  expect(await listSeriesNames(db, actor, { runIds: [runs[0]!.id] })).toEqual(['custom/f1']);
  // A moment that no Date can hold would break every later export.
  const late = { name: 'custom/f2', steps: [1], values: [1], times: [1e20] };
  expect(logPointsInput.safeParse({ series: [late] }).success).toBe(false);
  expect(logPointsInput.safeParse({ series: [{ ...late, times: [8.64e15] }] }).success).toBe(true);
});

test('a run that is over can be deleted; the looks at validation that it took stay counted, and who deleted it is told', async () => {
  const { projectId, actor } = await newProject();
  const { runs } = await launchRun(db, actor, { projectId, config, seeds: [1, 2] });
  const [one, two] = runs.map((run) => run.id) as [string, string];
  const folder = await mkdtemp(path.join(tmpdir(), 'holdout-delete-'));
  const blobs = openBlobs(folder);
  await blobs.put(`runs/${one}/1/best-0.safetensors`, Uint8Array.of(1));
  await expect(deleteRun(db, blobs, actor, one)).rejects.toMatchObject({ code: 'conflict' });
  await db.prisma.run.updateMany({ where: { projectId }, data: { state: 'finished', endedAt: new Date(), epoch: 4 } });
  await deleteRun(db, blobs, actor, one);
  await expect(getRun(db, actor, one)).rejects.toMatchObject({ code: 'not_found' });
  await expect(blobs.get(`runs/${one}/1/best-0.safetensors`)).rejects.toMatchObject({ code: 'not_found' });
  expect(await getFinal(db, actor, { projectId })).toMatchObject({ runs: 1, validationLooks: 8 });
  const told = await db.prisma.activity.findFirstOrThrow({ where: { projectId, kind: 'run.deleted' } });
  expect(told).toMatchObject({ userId: actor.userId, detail: { number: 1, epochs: 4 } });
  await db.prisma.run.delete({ where: { id: two } });
  await rm(folder, { recursive: true });
});
