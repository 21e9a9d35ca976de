import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { RunConfig } from '#core/config/run-config.ts';
import { decodeSafetensors } from '#core/format/safetensors.ts';
import { itemReportSchema } from '#core/metric/item-report.ts';
import { keptEpochs } from '#core/run/kept-checkpoints.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { listHistograms, readHistograms } from '#db/runs/histograms.ts';
import { claimRun } from '#db/runs/queue.ts';
import { listSeries, readSeries } from '#db/series/series.ts';
import { makeRun } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { probeEngine } from '#engine/probe.ts';
import { env } from '#env';
import { sweepStates } from './forget-state.ts';
import { type RunProcess, startRunProcess } from './run-process.ts';
import { Supervisor } from './supervisor.ts';
import { digitsConfig, digitsProject } from './testing.ts';

/** The trainer as it runs: real child processes, a real engine, a real Postgres. */

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-trainer-'));
const blobs = openBlobs(folder);
// The children read their environment as they do in production; one thread makes runs repeat bit for bit.
Object.assign(process.env, { DATABASE_URL: db.url, HOLDOUT_DATA: folder, HOLDOUT_THREADS: '1' });
const project = await digitsProject(db, blobs);
/** Where TensorFlow's library is not installed the fallback must do all of this as well. */
const { info } = await probeEngine({ libDir: env().HOLDOUT_TENSORFLOW, threads: 1 });
const supervisors: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((s) => s.close()));
  await db.pool.query(`UPDATE "Run" SET state = 'cancelled', "endedAt" = now() WHERE state = 'queued'`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function newSupervisor(engine = info.kind, memory = 4e9, device?: string): Promise<Supervisor> {
  const info = { devices: device?.split(',').length ?? 1 };
  const data = { name: 't', host: 'h', pid: process.pid, device: 'cpu:0', engine, info };
  const { id } = await db.prisma.trainer.create({ data: { id: randomUUID(), ...data } });
  const supervisor = new Supervisor(db.pool, id, 1, () =>
    startRunProcess({ engine, memory, compute: { device, task: 0 } }),
  );
  supervisors.push(supervisor);
  return supervisor;
}
const launch = async (config: RunConfig) => (await makeRun(db, project, { config })).id;
const find = (id: string) =>
  db.prisma.run.findUniqueOrThrow({ where: { id }, include: { attempts: true, checkpoints: true, artifacts: true } });
const until = (id: string, done: (run: Awaited<ReturnType<typeof find>>) => boolean) =>
  vi.waitUntil(async () => (done(await find(id)) ? find(id) : false), { timeout: 90_000, interval: 50 });
const isOver = (run: { endedAt: Date | null }) => run.endedAt !== null;
/** Its optimiser's state is gone as well. */
const isTidy = (run: Awaited<ReturnType<typeof find>>) =>
  isOver(run) && run.checkpoints.every((checkpoint) => checkpoint.stateKey === null);
const filesOf = async (id: string, folderName: string) =>
  (await readdir(path.join(folder, 'blobs', 'runs', id, folderName))).sort();
/** Every series that a resumed run must repeat exactly; throughput and times may differ. */
async function curves(id: string) {
  const names = (await listSeries(db.pool, id)).filter((name) => !/^(system|profile)\//.test(name));
  return (await readSeries(db.pool, id, names)).map(({ name, steps, values }) => ({ name, steps, values }));
}
const losses = async (id: string) => (await readSeries(db.pool, id, ['loss/train']))[0]!;

test("the epoch is chosen by what early stopping watches; the value that runs are compared by is the task's metric", {
  timeout: 120_000,
}, async () => {
  const id = await launch(
    digitsConfig({
      epochs: 3,
      earlyStopping: { metric: 'loss', direction: 'min', patience: 3, minDelta: 0, warmupEpochs: 0 },
    }),
  );
  await newSupervisor();
  const run = await until(id, isOver);
  const metrics = run.bestMetrics as Record<string, number>;
  expect(run.bestValue).toBe(metrics['accuracy/validation']);
  expect(run.bestValue).not.toBe(metrics['loss/validation']);
});

test('a run trains to its end, learns, and leaves its best and its last weights and nothing else', {
  timeout: 120_000,
}, async () => {
  const id = await launch(digitsConfig({ l2: 1e-4, epochs: 6 }));
  await newSupervisor();
  const run = await until(id, isTidy);
  expect(run).toMatchObject({ state: 'finished', stopReason: 'completed', epoch: 6, step: run.totalSteps, attempt: 1 });
  expect(run.bestValue).toBeGreaterThan(0.9);
  expect(run.bestMetrics).toMatchObject({ 'accuracy/validation': run.bestValue });
  expect(run.environment).toMatchObject({
    engine: info.kind,
    mode: info.kind === 'tensorflow' ? 'compiled' : 'eager',
  });

  const series = await curves(id);
  expect(series.map((s) => s.name).sort()).toEqual(
    [
      'accuracy/train',
      'accuracy/validation',
      'gradient/norm',
      'loss/train',
      'loss/validation',
      'lr/learning_rate',
      'penalty/l2',
      ...['conv2d_1', 'dense_1', 'dense_2'].flatMap((layer) => [`update_ratio/${layer}`, `weight_norm/${layer}`]),
    ].sort(),
  );
  const loss = series.find((s) => s.name === 'loss/train')!;
  expect(loss.steps).toEqual(Array.from({ length: run.totalSteps }, (_, i) => i + 1));
  expect(series.find((s) => s.name === 'loss/validation')!.steps.length).toBe(6);

  expect(series.find((s) => s.name === 'gradient/norm')!.values.every((norm) => norm > 0 && norm < 100)).toBe(true);
  const profile = await readSeries(db.pool, id, ['profile/step', 'profile/validate', 'profile/checkpoint']);
  for (const { steps, values } of profile) {
    expect(steps.length).toBe(6);
    expect(values.every((seconds) => seconds >= 0 && seconds < 60)).toBe(true);
  }
  for (const what of ['weights', 'gradients'])
    for (const { counts, min, max } of await readHistograms(db.pool, id, [`${what}/dense_2`])) {
      expect(counts.reduce((a, b) => a + b, 0)).toBe(32 * 10 + 10);
      expect(max).toBeGreaterThan(min);
    }
  expect((await listHistograms(db.pool, id)).length).toBe(6);

  const best = run.checkpoints.find((c) => c.kind === 'best')!;
  const last = run.checkpoints.find((c) => c.kind === 'last')!;
  expect(best.epoch).toBe(run.bestEpoch);
  expect(last).toMatchObject({ epoch: 6, step: run.totalSteps });
  expect(await filesOf(id, '1')).toEqual([path.basename(best.weightsKey)]);
  expect(await filesOf(id, 'kept')).toEqual([path.basename(last.weightsKey)]);
  // What the best weights answer to the validation part adds up to the run's own figure.
  const report = itemReportSchema.parse(
    (await db.prisma.runItemReport.findUniqueOrThrow({ where: { runId: id } })).report,
  );
  if (report.kind !== 'classification') throw new Error(report.kind);
  expect(report).toMatchObject({ n: project.dataset.nValidation, epoch: run.bestEpoch });
  const right = report.confusion
    .filter((pair) => pair.label === pair.answer)
    .reduce((sum, pair) => sum + pair.items, 0);
  expect(right / report.n).toBeCloseTo(run.bestValue!, 6);
  expect(report.worst[0]!.loss!).toBeGreaterThan(report.worst.at(-1)!.loss!);
  const { tensors, metadata } = decodeSafetensors(await blobs.get(run.artifacts[0]!.blobKey));
  expect(metadata.epoch).toBe(String(run.bestEpoch));
  const lastWeights = decodeSafetensors(await blobs.get(last.weightsKey)).tensors;
  for (const names of [tensors, lastWeights].map((map) => [...map.keys()]))
    expect(names.every((name) => !name.startsWith('optimizer') && /(kernel|bias)$/.test(name))).toBe(true);
});

test('the best k and every n-th epoch are kept, the rest is pruned', { timeout: 120_000 }, async () => {
  const id = await launch(digitsConfig({ epochs: 7, checkpoints: { keepBest: 2, everyEpochs: 3 } }));
  await newSupervisor();
  await until(id, isTidy);
  const { series, values } = (await readSeries(db.pool, id, ['accuracy/validation'])).map((s) => ({
    series: s.name,
    values: new Map(s.values.map((value, i) => [i + 1, value])),
  }))[0]!;
  const wanted = [...keptEpochs({ keepBest: 2, everyEpochs: 3 }, 'max', values).keys()].sort((a, b) => a - b);
  expect(wanted).toEqual(expect.arrayContaining([3, 6]));
  const rows = await db.prisma.keptCheckpoint.findMany({ where: { runId: id }, orderBy: { epoch: 'asc' } });
  expect(rows.map((row) => row.epoch)).toEqual(wanted);
  for (const row of rows) {
    expect((row.metrics as Record<string, number>)[series]).toBe(values.get(row.epoch));
    const bytes = await blobs.get(row.weightsKey);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(row.digest);
  }
  expect(await filesOf(id, 'kept')).toEqual([
    ...wanted.map((epoch) => `epoch-${epoch}-1.safetensors`),
    'last.safetensors',
  ]);
});

test('checks before a training: each ends by itself, says what it found, and leaves no weights', {
  timeout: 120_000,
}, async () => {
  const modes = ['fast_dev_run', 'overfit_batch', 'find_learning_rate'] as const;
  const ids = await Promise.all(modes.map((mode) => launch(digitsConfig({ mode, epochs: 50, l2: 0.01 }))));
  await newSupervisor();
  // Its state is forgotten a moment after the end.
  const tidied = (run: Awaited<ReturnType<typeof find>>) => isOver(run) && run.checkpoints.length === 0;
  const [dev, overfit, finder] = await Promise.all(ids.map((id) => until(id, tidied)));
  for (const run of [dev!, overfit!, finder!])
    expect(run).toMatchObject({
      state: 'finished',
      stopReason: 'completed',
      bestValue: null,
      checkpoints: [],
      artifacts: [],
    });
  expect(dev).toMatchObject({ step: 1, epoch: 1, totalSteps: 1 });
  expect(Object.keys(dev!.lastMetrics as object)).toContain('loss/validation');
  expect(overfit!.message).toMatch(
    /^Learnt by heart: the loss of one batch of 32 images fell from 2\.\d to 0\.02\d in \d+ steps/,
  );
  // The penalty is a remedy: it is off.
  expect((await curves(overfit!.id)).map((s) => s.name)).toEqual(['gradient/norm', 'loss/train', 'lr/learning_rate']);
  expect(finder!.message).toMatch(
    /^The loss falls fastest at a learning rate of 0\.0\d+, and is lowest at 0\.\d+\. Train with 0\.0\d+/,
  );
  const rates = (await readSeries(db.pool, finder!.id, ['lr/learning_rate']))[0]!.values;
  expect(rates.length).toBeLessThan(160);
  expect(rates[0]).toBeCloseTo(1e-7, 12);
});

test('killed with SIGKILL in the middle, a run goes on and its curves equal those of one that was not, bit for bit', {
  timeout: 180_000,
}, async () => {
  // Far longer than any machine takes until it is killed, compared and stopped.
  const config = digitsConfig({
    epochs: 50_000,
    earlyStopping: { metric: 'loss', direction: 'min', patience: 10_000 },
    augmentation: { rotation: 10, noise: 0.05, mixup: 0.2 },
    schedule: { kind: 'plateau', direction: 'min', patience: 1, factor: 0.95, finalRate: 1e-4 },
    ...{ batchSize: 16, accumulate: 2, ema: { decay: 0.9 }, classWeights: 'balanced', sampling: 'balanced', l1: 1e-5 },
  });
  const broken = await launch(config);
  const supervisor = await newSupervisor();
  const saved = await until(broken, (run) => run.checkpoints.some((c) => c.kind === 'last'));
  const step = saved.checkpoints.find((c) => c.kind === 'last')!.step;
  await vi.waitUntil(async () => (await losses(broken)).steps.length > step + 20, { timeout: 30_000 });
  process.kill(supervisor.pids.get(broken)!, 'SIGKILL');
  const run = await until(broken, (r) => (r.attempts[1]?.resumedStep ?? 1e9) + 100 < r.step);
  expect(run.attempts.map((a) => a.outcome)).toEqual(['crashed', null]);
  expect(run.attempts[1]!.resumedStep).toBeGreaterThanOrEqual(step);
  const upTo = run.step;
  await db.prisma.run.update({ where: { id: broken }, data: { stopRequestedAt: new Date() } });
  await until(broken, isOver);

  const whole = await launch(config);
  await until(whole, (r) => r.step > upTo);
  await db.prisma.run.update({ where: { id: whole }, data: { stopRequestedAt: new Date() } });
  await until(whole, isOver);
  const cut = (series: Awaited<ReturnType<typeof curves>>) =>
    series.map(({ name, steps, values }) => {
      const n = steps.filter((s) => s <= upTo).length;
      return { name, steps: steps.slice(0, n), values: values.slice(0, n) };
    });
  expect(cut(await curves(broken))).toEqual(cut(await curves(whole)));
  expect((await losses(broken)).steps.slice(0, upTo)).toEqual(Array.from({ length: upTo }, (_, i) => i + 1));
});

test('data that is too much for the memory that a run may take is read from its file, to the same bits', {
  timeout: 120_000,
}, async () => {
  const config = digitsConfig({ epochs: 2, augmentation: { rotation: 10, noise: 0.05, mixup: 0.2 } });
  const held = await launch(config);
  await newSupervisor();
  await until(held, isOver);
  await supervisors.pop()!.close();
  const streamed = await launch(config);
  await newSupervisor(info.kind, 100_000);
  const run = await until(streamed, isOver);
  expect(run.environment).toMatchObject({ data: 'streamed' });
  expect((await find(held)).environment).toMatchObject({ data: 'in memory' });
  expect(await curves(streamed)).toEqual(await curves(held));
  const log = await db.prisma.runLog.findMany({ where: { runId: streamed } });
  expect(log.map((l) => l.message).join()).toContain('read from the file while it trains');
});

test.skipIf(info.kind !== 'tensorflow')(
  'a run is spread over the devices of its trainer, its data streamed',
  {
    timeout: 120_000,
  },
  async () => {
    const id = await launch(digitsConfig({ epochs: 2, replicas: 2 }));
    await newSupervisor(info.kind, 100_000, 'cpu:0,cpu:1');
    const run = await until(id, isOver);
    expect(run).toMatchObject({ state: 'finished', step: run.totalSteps });
    expect(run.environment).toMatchObject({ device: 'cpu:0,cpu:1', data: 'streamed', mode: 'compiled' });
    expect(run.bestValue).toBeGreaterThan(0.8);
  },
);

test('a stop is honoured within 2 s and the best weights are kept', { timeout: 120_000 }, async () => {
  const id = await launch(digitsConfig({ epochs: 10_000 }));
  await newSupervisor();
  await until(id, (run) => run.epoch >= 2);
  const asked = Date.now();
  await db.prisma.run.update({ where: { id }, data: { stopRequestedAt: new Date() } });
  const run = await until(id, isOver);
  expect(run.endedAt!.getTime() - asked).toBeLessThan(2_000);
  expect(run).toMatchObject({ state: 'stopped', stopReason: 'stopped_by_person' });
  expect(run.artifacts.map((a) => a.name)).toEqual(['model.safetensors']);
  expect(run.checkpoints.find(({ kind }) => kind === 'best')!.epoch).toBe(run.bestEpoch);
});

test('a stop that comes while a child still loads, and hears nothing, ends the run within 2 s', async () => {
  const id = await launch(digitsConfig());
  const { id: trainer } = await db.prisma.trainer.create({
    data: { name: 't', host: 'h', pid: process.pid, device: 'cpu:0', engine: info.kind },
  });
  const deaf = (): RunProcess => {
    const { promise, resolve } = Promise.withResolvers<Awaited<RunProcess['ended']>>();
    const kill = () => resolve({ clean: false, how: 'signal SIGKILL', tail: '' });
    return { pid: 0, listening: false, send() {}, kill, ended: promise };
  };
  supervisors.push(new Supervisor(db.pool, trainer, 1, deaf));
  await until(id, (run) => run.state === 'running');
  const asked = Date.now();
  await db.prisma.run.update({ where: { id }, data: { stopRequestedAt: new Date() } });
  const run = await until(id, isOver);
  expect(run.endedAt!.getTime() - asked).toBeLessThan(2_000);
  expect(run).toMatchObject({ state: 'stopped', message: 'Stopped before its first step.', artifacts: [] });
});

test('a run whose process dies again and again at the same place is given up in words', async () => {
  const id = await launch(digitsConfig());
  const data = { name: 't', host: 'h', pid: process.pid, device: 'cpu:0', engine: 'tensorflow' };
  const { id: trainer } = await db.prisma.trainer.create({ data });
  const dies = (): RunProcess => ({
    ...{ pid: 0, listening: true, send() {}, kill() {} },
    ended: Promise.resolve({ clean: false, how: 'signal SIGKILL', tail: 'last words' }),
  });
  supervisors.push(new Supervisor(db.pool, trainer, 1, dies));
  const run = await until(id, isOver);
  expect(run).toMatchObject({ state: 'failed', stopReason: 'crashed', attempt: 4 });
  expect(run.message).toContain('ended 4 times after step 0 (signal SIGKILL)');
  const log = await db.prisma.runLog.findMany({ where: { runId: id } });
  expect(log[0]!.message).toContain('last words');
});

test('a run whose weights the disk refuses ends in words, and not again and again', async () => {
  const id = await launch(digitsConfig({ epochs: 1 }));
  const runs = path.join(folder, 'blobs', 'runs');
  await mkdir(runs, { recursive: true });
  // A file where its folder belongs.
  await writeFile(path.join(runs, id), '');
  await newSupervisor();
  const run = await until(id, isOver);
  await rm(path.join(runs, id));
  expect(run).toMatchObject({ state: 'failed', stopReason: 'engine_error', attempt: 1 });
  expect(run.message).toMatch(/^Its best weights could not be saved: .+ Make room/);
});

test('a run that takes its trainer along again and again is given up in words', async () => {
  const id = await launch(digitsConfig());
  const data = { name: 't', host: 'h', pid: process.pid, device: 'cpu:0', engine: 'tensorflow' };
  const { id: trainer } = await db.prisma.trainer.create({ data });
  for (let death = 0; death < 4; death++) {
    await claimRun(db.pool, trainer);
    await db.pool.query(`UPDATE "Run" SET "leaseUntil" = now() - interval '1 second' WHERE id = $1`, [id]);
  }
  await newSupervisor();
  const run = await until(id, isOver);
  expect(run).toMatchObject({ state: 'failed', stopReason: 'crashed', attempt: 5 });
  expect(run.message).toContain('ended 4 times after step 0 (its trainer was lost with it)');
});

test('what runs that ended without their trainer left behind is tidied up', async () => {
  const id = await launch(digitsConfig({ epochs: 10_000 }));
  const supervisor = await newSupervisor();
  await until(id, (run) => run.epoch >= 1);
  await supervisor.close();
  await db.prisma.run.update({ where: { id }, data: { state: 'stopped', endedAt: new Date() } });
  await sweepStates(db.pool, blobs);
  const run = await find(id);
  const [best, last] = ['best', 'last'].map((kind) => run.checkpoints.find((c) => c.kind === kind)!);
  expect(await filesOf(id, '1')).toEqual([path.basename(best!.weightsKey)]);
  expect(last!.stateKey).toBeNull();
  const { tensors } = decodeSafetensors(await blobs.get(last!.weightsKey));
  expect([...tensors.keys()].filter((name) => name.startsWith('optimizer'))).toEqual([]);
  // Once more changes nothing.
  await sweepStates(db.pool, blobs);
  expect((await find(id)).checkpoints).toEqual(run.checkpoints);
});

test('a trainer that shuts down gives its run back, and the next goes on from that very step', {
  timeout: 120_000,
}, async () => {
  const id = await launch(digitsConfig({ epochs: 10_000 }));
  const first = await newSupervisor();
  await until(id, (run) => run.epoch >= 1);
  await first.close();
  const waiting = await find(id);
  expect(waiting).toMatchObject({ state: 'queued', attempt: 1 });
  const step = waiting.checkpoints.find((c) => c.kind === 'last')!.step;
  expect((await losses(id)).steps.at(-1)).toBe(step);
  await newSupervisor();
  const run = await until(id, (r) => r.step > step);
  expect(run.attempts[1]!.resumedStep).toBe(step);
});

test('a trainer whose lease was lost stops writing, and two never train one run', { timeout: 120_000 }, async () => {
  const id = await launch(digitsConfig({ epochs: 10_000 }));
  const first = await newSupervisor();
  await until(id, (run) => run.step > 0);
  const pid = first.pids.get(id)!;
  // As if this trainer had been away for too long: another one takes over between two renewals.
  await db.pool.query(`UPDATE "Run" SET "leaseUntil" = now() - interval '1 hour' WHERE id = $1`, [id]);
  const data = { name: 'other', host: 'h', pid: 1, device: 'cpu:0', engine: 'tensorflow' };
  const other = await db.prisma.trainer.create({ data });
  await db.pool.query(
    `UPDATE "Run" SET "trainerId" = $2, attempt = attempt + 1, "leaseUntil" = now() + interval '1 hour' WHERE id = $1`,
    [id, other.id],
  );
  await vi.waitUntil(() => first.pids.size === 0, { timeout: 10_000 });
  expect(() => process.kill(pid, 0)).toThrow();
  const run = await find(id);
  expect(run).toMatchObject({ state: 'running', trainerId: other.id, attempt: 2 });
  await db.pool.query(`UPDATE "Run" SET state = 'failed', "endedAt" = now() WHERE id = $1`, [id]);
});

test('early stopping ends a run and keeps the best epoch', { timeout: 120_000 }, async () => {
  const watch = { metric: 'loss', direction: 'min', patience: 2, minDelta: 0.5 } as const;
  const id = await launch(digitsConfig({ epochs: 50, earlyStopping: watch }));
  await newSupervisor();
  const run = await until(id, isOver);
  expect(run).toMatchObject({ state: 'finished', stopReason: 'early_stopping' });
  expect(run.epoch).toBeLessThan(50);
  expect(run.message).toContain('did not get better for 2 epochs');
});

test('a loss that is not a number ends the run with its step, what broke first, and the items of its batch', {
  timeout: 120_000,
}, async () => {
  const id = await launch(
    digitsConfig({ optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 10, epochs: 50, l2: 10 }),
  );
  await newSupervisor();
  const run = await until(id, isOver);
  expect(run).toMatchObject({ state: 'failed', stopReason: 'not_a_number' });
  const { steps, values } = await losses(id);
  expect(run.message).toContain(`at step ${steps.at(-1)}`);
  // The named step is the last or one of the two before it; its items stand in the log.
  const named = /First to break.*? step (\d+)\D.*? Its batch held (train line \d+), /.exec(run.message!)!;
  expect(steps.at(-1)! - Number(named[1])).toBeLessThanOrEqual(2);
  const lines = await db.prisma.runLog.findMany({ where: { runId: id, message: { contains: 'The batch of step' } } });
  expect(lines.map(({ message }) => message.match(/train line \d+/g)!.length)).toEqual([32]);
  expect(lines[0]!.message).toContain(`${named[2]},`);
  expect(values.slice(0, -1).every(Number.isFinite)).toBe(true);
});

test('a damaged part fails the run in words', { timeout: 60_000 }, async () => {
  const bad = await digitsProject(db, blobs);
  await blobs.put(bad.dataset.trainKey!, Buffer.from('not safetensors at all'));
  const { id } = await makeRun(db, bad, { config: digitsConfig() });
  await newSupervisor();
  const run = await until(id, isOver);
  expect(run).toMatchObject({ state: 'failed', stopReason: 'bad_data' });
  expect(run.message).toContain('The train part');
});

test('on the fallback engine a run is live and stops within 2 s as well', { timeout: 120_000 }, async () => {
  const id = await launch(digitsConfig({ epochs: 10_000 }));
  await newSupervisor('wasm');
  const live = await until(id, (run) => run.step > 3);
  expect(live.environment).toMatchObject({ engine: 'wasm', mode: 'eager' });
  expect(live.step).toBeLessThan(live.totalSteps);
  const asked = Date.now();
  await db.prisma.run.update({ where: { id }, data: { stopRequestedAt: new Date() } });
  const run = await until(id, isOver);
  expect(run.endedAt!.getTime() - asked).toBeLessThan(2_000);
  expect(run.artifacts.map((a) => a.name)).toEqual(['model.safetensors']);
});
