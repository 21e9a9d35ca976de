import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RunConfigInput } from '#core/config/run-config.ts';
import { decodeSafetensors, encodeSafetensors } from '#core/format/safetensors.ts';
import { type BlobStore, openBlobs } from '#db/blobs/index.ts';
import { claimRun } from '#db/runs/queue.ts';
import { readSeries } from '#db/series/series.ts';
import { makeDataset, makeProject } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { openEngines } from '#engine/testing.ts';
import { deleteRun } from '#server/runs/delete-run.ts';
import { getRun } from '#server/runs/get-run.ts';
import { launchRun } from '#server/runs/launch-run.ts';
import { deleteModel } from '#server/transfer/delete-model.ts';
import { importModel } from '#server/transfer/import-model.ts';
import { listSources } from '#server/transfer/list-sources.ts';
import { shareRun } from '#server/transfer/share-run.ts';
import { Interruption } from '#trainer/interruption.ts';
import { readStartWeights } from '#trainer/start-weights.ts';
import { digitsConfig, digitsProject } from '#trainer/testing.ts';
import { trainRun } from '#trainer/train-run.ts';

/** Transfer from one run to the next, from the launch to the weights, through the real use cases, engine and Postgres. */

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-transfer-'));
const blobs = openBlobs(folder);
const project = await digitsProject(db, blobs);
const [engine] = await openEngines();
const trainer = await db.prisma.trainer.create({
  data: { name: 't', host: 'h', pid: 1, device: 'cpu:0', engine: engine!.info.kind },
});
afterAll(async () => {
  await engine!.close();
  await rm(folder, { recursive: true, force: true });
});
const actorOf = (userId: string) => ({ userId, isAdmin: false, via: { kind: 'session' as const, sessionId: 's' } });
const actor = actorOf(project.user.id);

async function trainNext(): Promise<string> {
  const held = (await claimRun(db.pool, trainer.id))!;
  const interruption = new Interruption(1_000);
  const openEngine = async () => engine!;
  await trainRun({ pool: db.pool, blobs, held, openEngine, memory: 1e9, interruption, onReady() {}, onLost() {} });
  return held.runId;
}
const launch = async (change: Partial<RunConfigInput>) =>
  (await launchRun(db, actor, { projectId: project.project.id, config: digitsConfig(change) })).runs[0]!.id;
async function weightsOf(runId: string) {
  const { weightsKey } = await db.prisma.checkpoint.findFirstOrThrow({ where: { runId, kind: 'best' } });
  return decodeSafetensors(await blobs.get(weightsKey)).tensors;
}

const source = await launch({ epochs: 2 });
await trainNext();

test('frozen layers are the source’s to the bit, new ones are trained, and the first epoch shows that it helps', async () => {
  const start = { source: { run: source }, cutAfter: 'dense_1', freezeUpTo: 'dense_1' };
  const id = await launch({ epochs: 1, startFrom: start });
  await trainNext();
  const [theirs, mine] = [await weightsOf(source), await weightsOf(id)];
  for (const name of ['conv2d_1/kernel', 'conv2d_1/bias', 'dense_1/kernel', 'dense_1/bias'])
    expect(mine.get(name)).toEqual(theirs.get(name));
  expect(mine.get('dense_2/kernel')).not.toEqual(theirs.get('dense_2/kernel'));
  const run = await getRun(db, actor, id);
  const scratch = await getRun(db, actor, source);
  expect(run.bestValue).toBeGreaterThan(0.9);
  expect(run.lineage).toMatchObject([
    { kind: 'run', runId: source, number: 1, cutAfter: 'dense_1', layers: ['conv2d_1', 'dense_1'] },
  ]);
  expect(scratch.lineage).toEqual([]);
});

test('the second stage has its own rate and trains what was frozen', async () => {
  const start = { source: { run: source }, freezeUpTo: 'flatten_1', secondStage: { epoch: 1, learningRate: 1e-4 } };
  const id = await launch({ epochs: 2, startFrom: start });
  await trainNext();
  const [rate] = await readSeries(db.pool, id, ['lr/learning_rate']);
  const half = rate!.values.length / 2;
  expect(rate!.values.slice(0, half).every((v) => v === 0.003)).toBe(true);
  expect(rate!.values.slice(half).every((v) => v === 1e-4)).toBe(true);
  const run = await getRun(db, actor, id);
  const [theirs, mine] = [await weightsOf(source), await weightsOf(id)];
  if (run.bestEpoch === 2) expect(mine.get('conv2d_1/kernel')).not.toEqual(theirs.get('conv2d_1/kernel'));
  else expect(mine.get('conv2d_1/kernel')).toEqual(theirs.get('conv2d_1/kernel'));
});

test('what weights came from outlives its source, and a run that waits still starts from them', async () => {
  const first = await launch({ epochs: 1 });
  await trainNext();
  const theirs = await weightsOf(first);
  const waiting = await launch({ epochs: 1, startFrom: { source: { run: first }, freezeUpTo: 'flatten_1' } });
  await deleteRun(db, blobs, actor, first);
  await trainNext();
  const run = await getRun(db, actor, waiting);
  expect(run.state).toBe('finished');
  expect((await weightsOf(waiting)).get('conv2d_1/kernel')).toEqual(theirs.get('conv2d_1/kernel'));
  // And so on: what starts from it names both.
  const next = await launch({ epochs: 1, startFrom: { source: { run: waiting } } });
  const { lineage } = await getRun(db, actor, next);
  expect(lineage.map((step) => step.kind === 'run' && step.runId)).toEqual([waiting, first]);
  await trainNext();
  const { weightsKey } = await db.prisma.lineage.findUniqueOrThrow({ where: { runId: waiting } });
  expect(await blobs.stat(weightsKey)).not.toBeNull();
  await deleteRun(db, blobs, actor, waiting);
  expect(await blobs.stat(weightsKey)).toBeNull();
  expect((await getRun(db, actor, next)).lineage).toEqual(lineage);
});

test('a source that is deleted while a run reads its weights gives them all the same', async () => {
  const first = await launch({ epochs: 1 });
  await trainNext();
  const theirs = await weightsOf(first);
  const id = await launch({ epochs: 1, startFrom: { source: { run: first } } });
  const late: BlobStore = Object.create(blobs);
  let asked = 0;
  late.get = async (key) => {
    if (++asked === 1) await deleteRun(db, blobs, actor, first);
    return blobs.get(key);
  };
  const { weights } = await readStartWeights(db.pool, late, id);
  expect(asked).toBe(2);
  expect(weights.get('conv2d_1/kernel')).toEqual(theirs.get('conv2d_1/kernel'));
  await trainNext();
});

test('another team starts from a shared run alone; an unshared one answers as one that does not exist', async () => {
  const { schema } = project.dataset;
  const rival = await db.prisma.team.create({ data: { courseId: project.course.id, name: 'Heron' } });
  const teacher = await db.prisma.user.create({ data: { email: 't@example.org', name: 'T' } });
  const user = await db.prisma.user.create({ data: { email: 'u@example.org', name: 'U' } });
  await db.prisma.courseMember.createMany({
    data: [
      { courseId: project.course.id, userId: teacher.id, role: 'instructor' },
      { courseId: project.course.id, userId: user.id, role: 'student', teamId: rival.id },
    ],
  });
  const theirs = await makeProject(db, { course: project.course, team: rival, user });
  const data = { schema: schema as object, nTrain: 9, nValidation: 9, contentDigest: 'other' };
  await makeDataset(db, theirs, data);
  const config = digitsConfig({ startFrom: { source: { run: source } } });
  const start = (run = source, projectId = theirs.project.id) =>
    launchRun(db, actorOf(user.id), {
      projectId,
      config: { ...config, startFrom: { ...config.startFrom!, source: { run } } },
    });
  const absent = await start(crypto.randomUUID()).catch((error) => error);
  expect(absent.code).toBe('not_found');
  await expect(start()).rejects.toMatchObject({ code: 'not_found', message: absent.message });
  await expect(shareRun(db, actor, { runId: source, shared: true })).rejects.toMatchObject({ code: 'forbidden' });
  await shareRun(db, actorOf(teacher.id), { runId: source, shared: true });
  await expect(start()).resolves.toMatchObject({ runs: [{ number: 1 }] });
  await db.prisma.run.updateMany({ where: { state: 'queued' }, data: { state: 'cancelled', endedAt: new Date() } });
  await shareRun(db, actorOf(teacher.id), { runId: source, shared: false });
  await expect(start()).rejects.toMatchObject({ code: 'not_found' });
  // The same items split in another way: the source has seen what lies in this test part.
  await shareRun(db, actorOf(teacher.id), { runId: source, shared: true });
  const other = await makeProject(db, { course: project.course, team: rival, user });
  await makeDataset(db, other, { ...data, contentDigest: project.dataset.contentDigest, splitDigest: 'another' });
  const across = start(source, other.project.id);
  await expect(across).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('another split') });
});

test('an uploaded model is a source like a run: its weights stay as they are, and the run says so for ever', async () => {
  const theirs = await weightsOf(source);
  const spec = { model: digitsConfig().model, input: { kind: 'image', height: 8, width: 8, channels: 1 } };
  const form = new FormData();
  form.append('file', new Blob([encodeSafetensors(theirs)]), 'digits.safetensors');
  form.append('file', new Blob([JSON.stringify(spec)]), 'digits.json');
  const request = new Request('http://x/', { method: 'POST', body: form });
  const { id } = await importModel(db, blobs, actor, { projectId: project.project.id, request });
  const listed = (await listSources(db, actor, project.project.id)).find((each) => each.id === id);
  expect(listed).toMatchObject({
    name: 'digits',
    number: null,
    shared: false,
    input: spec.input,
    parameters: 9_658,
    elsewhere: true,
  });
  const start = { source: { model: id }, cutAfter: 'dense_1', freezeUpTo: 'dense_1' };
  const run = await launch({ epochs: 1, startFrom: start });
  await deleteModel(db, blobs, actor, id);
  await trainNext();
  expect((await weightsOf(run)).get('dense_1/kernel')).toEqual(theirs.get('dense_1/kernel'));
  const { lineage } = await getRun(db, actor, run);
  expect(lineage).toMatchObject([
    { kind: 'model', filename: 'digits.safetensors, digits.json', format: 'safetensors' },
  ]);
  await expect(launch({ epochs: 1, startFrom: start })).rejects.toMatchObject({ code: 'not_found' });
});

test('an upload that comes slowly keeps no other waiting, and only so many are held at once', async () => {
  const bytes = encodeSafetensors(await weightsOf(source), {
    spec: JSON.stringify({ model: digitsConfig().model, input: { kind: 'image', height: 8, width: 8, channels: 1 } }),
  }) as Uint8Array<ArrayBuffer>;
  const upload = (body: BodyInit) => {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    const request = new Request('http://x/', init);
    return importModel(db, blobs, actor, { projectId: project.project.id, filename: 'm.safetensors', request });
  };
  const ends: (() => void)[] = [];
  const slow = () =>
    upload(
      new ReadableStream({
        start(stream) {
          stream.enqueue(bytes.slice(0, 10));
          ends.push(() => {
            stream.enqueue(bytes.slice(10));
            stream.close();
          });
        },
      }),
    );
  const coming = [slow(), slow(), slow()];
  await upload(bytes);
  coming.push(slow());
  // Access is asked for first: the fourth has its place once the fifth is refused.
  await expect.poll(() => upload(bytes).catch((error) => error.code)).toBe('too_many');
  for (const end of ends) end();
  await Promise.all(coming);
  await upload(bytes);
});

test('a lineage that could not be read any more is refused at the launch', async () => {
  const id = await launch({ epochs: 1, startFrom: { source: { run: source } } });
  await trainNext();
  const { sources } = await db.prisma.lineage.findUniqueOrThrow({ where: { runId: id } });
  const long = (n: number) => Array.from({ length: n }, () => (sources as object[])[0]!);
  await db.prisma.lineage.update({ where: { runId: id }, data: { sources: long(100) } });
  const again = launch({ epochs: 1, startFrom: { source: { run: id } } });
  await expect(again).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('has 100 sources') });
  await db.prisma.lineage.update({ where: { runId: id }, data: { sources: long(99) } });
  const last = await launch({ epochs: 1, startFrom: { source: { run: id } } });
  await trainNext();
  expect((await getRun(db, actor, last)).lineage).toHaveLength(100);
});

test('a launch that can not fit names the layer', async () => {
  const refused = async (startFrom: NonNullable<RunConfigInput['startFrom']>, change: Partial<RunConfigInput> = {}) =>
    launch({ ...change, startFrom }).then(
      () => 'launched',
      (error) => `${error.items[0]?.path} ${error.message}`,
    );
  const run = { source: { run: source } };
  expect(await refused({ ...run, cutAfter: 'conv9' })).toMatch(
    /^\/startFrom\/cutAfter The source has no layer "conv9"/,
  );
  expect(await refused({ ...run, freezeUpTo: 'conv9' })).toMatch(/This model has no layer "conv9"/);
  expect(await refused({ ...run, cutAfter: 'flatten_1', freezeUpTo: 'dense_1' })).toMatch(
    /Layer "dense_1" does not come from the source/,
  );
  expect(await refused({ ...run, freezeUpTo: 'dense_2' })).toMatch(/nothing would be trained/);
  expect(await refused({ ...run, secondStage: { epoch: 1, learningRate: 1 } })).toMatch(/^\/startFrom\/secondStage A/);
  const wide = digitsConfig().model.layers.map((l) => (l.type === 'conv2d' ? { ...l, filters: 9 } : l));
  expect(await refused(run, { model: { layers: wide } })).toMatch(
    /^\/model\/layers\/0 Layer "conv2d_1": conv2d_1\/kernel is \[3, 3, 1, 8\] in the source and \[3, 3, 1, 9\] here/,
  );
});
