import { beforeEach, expect, test } from 'vitest';
import { QUEUE_ORDER } from '../sql/queue-order.ts';
import { transaction } from '../sql/transaction.ts';
import { makeDataset, makeProject, makeRun, makeTeam } from '../testing/fixtures.ts';
import { testDb } from '../testing.ts';
import { switchCheckpoints } from './checkpoints.ts';
import { addLog, claimRun, countCrashes, endRun, type Held, holdAttempt, renewLeases, requeueRun } from './queue.ts';
import { RunWrites } from './write-run.ts';

const db = await testDb();
beforeEach(async () => {
  await db.prisma.run.deleteMany();
});

async function makeTrainer() {
  return (await db.prisma.trainer.create({ data: { name: 't', host: 'h', pid: 1, device: 'cpu:0', engine: 'wasm' } }))
    .id;
}
async function makeQueue(teams: number, runsEach: number): Promise<string[][]> {
  const queue: string[][] = [];
  for (let t = 0; t < teams; t++) {
    const project = await makeProject(db, await makeTeam(db));
    const dataset = await makeDataset(db, project);
    const runs: string[] = [];
    for (let r = 0; r < runsEach; r++) runs.push((await makeRun(db, { ...project, dataset })).id);
    queue.push(runs);
  }
  return queue;
}
const endLease = (runId: string) =>
  db.pool.query(`UPDATE "Run" SET "leaseUntil" = now() - interval '1 second' WHERE id = $1`, [runId]);

test('the team with the fewest running runs comes first, then the oldest', async () => {
  const [[a1, a2, a3], [b1]] = (await makeQueue(2, 3)) as [[string, string, string], [string]];
  const trainer = await makeTrainer();
  const order: string[] = [];
  for (let i = 0; i < 4; i++) order.push((await claimRun(db.pool, trainer))!.runId);
  expect(order.slice(0, 3)).toEqual([a1, b1, a2]);
  await db.pool.query(`UPDATE "Run" SET state = 'finished', "endedAt" = now() WHERE id = ANY($1)`, [[a1, a2]]);
  expect((await claimRun(db.pool, trainer))!.runId).toBe(a3);
});

test('on one device teams take turns, and the order that is shown is the order that comes', async () => {
  const queue = await makeQueue(3, 4);
  // The first team asked for all of its runs before the others came.
  await db.pool.query(`UPDATE "Run" SET "createdAt" = now() - interval '1 hour' WHERE id = ANY($1)`, [queue[0]]);
  const trainer = await makeTrainer();
  const claim = async () => (await claimRun(db.pool, trainer))!;
  const end = (held: Held) => endRun(db.pool, held, { reason: 'completed', message: '' });
  const first = await claim();
  const { rows } = await db.pool.query<{ id: string }>(`${QUEUE_ORDER} ORDER BY position`);
  await end(first);
  const order: string[] = [];
  for (let i = 0; i < 11; i++) {
    const held = await claim();
    order.push(held.runId);
    await end(held);
  }
  const teams = order.map((id) => queue.findIndex((runs) => runs.includes(id)));
  expect(teams).toEqual([1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect(rows.map((row) => row.id)).toEqual(order);
});

test('trainers that ask at the same moment never get the same run', async () => {
  await makeQueue(3, 5);
  const trainers = await Promise.all(Array.from({ length: 8 }, makeTrainer));
  const got: string[] = [];
  for (let round = 0; round < 3; round++)
    for (const held of await Promise.all(trainers.map((t) => claimRun(db.pool, t)))) if (held) got.push(held.runId);
  expect(new Set(got).size).toBe(got.length);
  let held = await claimRun(db.pool, trainers[0]!);
  for (; held; held = await claimRun(db.pool, trainers[0]!)) got.push(held.runId);
  expect(got.length).toBe(15);
});

test('a lease that ended is taken over, and the one who lost it can write nothing', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const lost = (await claimRun(db.pool, await makeTrainer()))!;
  expect(await claimRun(db.pool, await makeTrainer())).toBeNull();
  await endLease(run);
  const held = (await claimRun(db.pool, await makeTrainer()))!;
  expect(held).toEqual({ runId: run, attempt: 2 });

  const gone = { name: 'LeaseLostError' };
  const last = { step: 1, epoch: 0, stateKey: 'k', digest: 'd', metrics: {} };
  await expect(transaction(db.pool, (client) => holdAttempt(client, lost))).rejects.toMatchObject(gone);
  await expect(switchCheckpoints(db.pool, lost, { last })).rejects.toMatchObject(gone);
  await expect(endRun(db.pool, lost, { reason: 'completed', message: '' })).rejects.toMatchObject(gone);
  await expect(requeueRun(db.pool, lost, 'released')).rejects.toMatchObject(gone);
  expect(await renewLeases(db.pool, [lost])).toEqual(new Map());
  expect(await db.prisma.checkpoint.count({ where: { runId: run } })).toBe(0);

  expect(await renewLeases(db.pool, [held])).toEqual(new Map([[run, false]]));
  await endRun(db.pool, held, { reason: 'early_stopping', message: 'Nothing better for 3 epochs.' });
  const ended = await db.prisma.run.findUniqueOrThrow({ where: { id: run }, include: { attempts: true } });
  expect(ended).toMatchObject({ state: 'finished', stopReason: 'early_stopping', leaseUntil: null });
  expect(ended.attempts.map((a) => a.outcome)).toEqual(['lost', 'finished']);
  expect(ended.endedAt).not.toBeNull();
});

test('a run that was given back is next in line', async () => {
  const [[, second]] = (await makeQueue(1, 3)) as [[string, string]];
  const trainer = await makeTrainer();
  await claimRun(db.pool, trainer);
  const held = (await claimRun(db.pool, trainer))!;
  await requeueRun(db.pool, held, 'released');
  expect(await claimRun(db.pool, trainer)).toEqual({ runId: second, attempt: 2 });
});

test('a stop that a person asked for is heard with the next renewal', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const held = (await claimRun(db.pool, await makeTrainer()))!;
  await db.prisma.run.update({ where: { id: run }, data: { stopRequestedAt: new Date() } });
  expect(await renewLeases(db.pool, [held])).toEqual(new Map([[run, true]]));
});

test('a run that is given back after a person asked it to stop ends there, and is not begun again to be stopped', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const trainer = await makeTrainer();
  const held = (await claimRun(db.pool, trainer))!;
  await db.prisma.run.update({ where: { id: run }, data: { stopRequestedAt: new Date() } });
  await requeueRun(db.pool, held, 'crashed');
  const ended = await db.prisma.run.findUniqueOrThrow({ where: { id: run }, include: { attempts: true } });
  expect(ended).toMatchObject({ state: 'stopped', stopReason: 'stopped_by_person', leaseUntil: null });
  expect(ended.endedAt).not.toBeNull();
  expect(ended.attempts.map((a) => a.outcome)).toEqual(['crashed']);
  expect(await claimRun(db.pool, trainer)).toBeNull();
});

test('crashes count from the last checkpoint on, however far each attempt came', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const trainer = await makeTrainer();
  let held: Held = { runId: run, attempt: 0 };
  // Dies before it could say from which step it goes on, as one that runs out of memory while it loads.
  const crash = async () => {
    held = (await claimRun(db.pool, trainer))!;
    await requeueRun(db.pool, held, 'crashed');
  };
  await crash();
  await crash();
  expect(await countCrashes(db.pool, run)).toEqual({ crashes: 2, step: 0 });
  held = (await claimRun(db.pool, trainer))!;
  await switchCheckpoints(db.pool, held, { last: { step: 7, epoch: 0, stateKey: 'k', digest: 'd', metrics: {} } });
  expect((await countCrashes(db.pool, run)).crashes).toBe(0);
  await requeueRun(db.pool, held, 'crashed');
  await crash();
  await crash();
  expect(await countCrashes(db.pool, run)).toEqual({ crashes: 3, step: 7 });
  // Its trainer dies with it.
  await claimRun(db.pool, trainer);
  await endLease(run);
  await claimRun(db.pool, trainer);
  expect(await countCrashes(db.pool, run)).toEqual({ crashes: 4, step: 7 });
});

test('transactions of one attempt at the same moment wait for each other, and none is chosen to break a deadlock', async () => {
  await makeQueue(1, 1);
  const held = (await claimRun(db.pool, await makeTrainer()))!;
  const best = { step: 1, epoch: 1, weightsKey: 'k', digest: 'd', bytes: 1, metrics: {}, lead: 'accuracy/validation' };
  const write = (i: number) =>
    i % 2 === 0
      ? switchCheckpoints(db.pool, held, { best })
      : new RunWrites(db.pool, held).write({
          points: [{ name: 'loss/train', steps: [i], times: [i], values: [i] }],
          progress: { epoch: 1, step: i, rate: null, metrics: {} },
        });
  await Promise.all(Array.from({ length: 60 }, (_, i) => write(i)));
});

test('a run that is over keeps its last speed, by which a copy of it is estimated; one that waits has none', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const trainer = await makeTrainer();
  const speed = async () => (await db.prisma.run.findUniqueOrThrow({ where: { id: run } })).itemsPerSecond;
  for (const [end, left] of [
    [(held: Held) => requeueRun(db.pool, held, 'released'), null],
    [(held: Held) => endRun(db.pool, held, { reason: 'completed', message: '' }), 500],
  ] as const) {
    const held = (await claimRun(db.pool, trainer))!;
    await new RunWrites(db.pool, held).write({ progress: { epoch: 1, step: 10, rate: 500, metrics: {} } });
    await end(held);
    expect(await speed()).toBe(left);
  }
});

test('log lines keep their time and order', async () => {
  const [[run]] = (await makeQueue(1, 1)) as [[string]];
  const held = (await claimRun(db.pool, await makeTrainer()))!;
  await addLog(db.pool, held, [
    { at: 1_001, level: 'info', message: 'one' },
    { at: 2_000, level: 'error', message: 'two' },
  ]);
  const lines = await db.prisma.runLog.findMany({ where: { runId: run }, orderBy: { id: 'asc' } });
  expect(lines.map((l) => [l.at.getTime(), l.level, l.message, l.attempt])).toEqual([
    [1_001, 'info', 'one', 1],
    [2_000, 'error', 'two', 1],
  ]);
});

test('a run that asks for several devices or for bfloat16 waits for a trainer that has them; others pass it', async () => {
  await db.pool.query(`UPDATE "Run" SET state = 'cancelled' WHERE state = 'queued'`);
  const of = await makeProject(db);
  const dataset = await makeDataset(db, of);
  const spread = await makeRun(db, { ...of, dataset }, { config: { replicas: 2 } });
  const half = await makeRun(db, { ...of, dataset }, { config: { precision: 'bf16' } });
  const plain = await makeRun(db, { ...of, dataset }, { config: { replicas: 1, precision: 'float32' } });
  const trainerWith = async (info: object) =>
    (
      await db.prisma.trainer.create({
        data: { name: 't', host: 'h', pid: 1, device: 'd', engine: 'tensorflow', info },
      })
    ).id;
  const [old, two, able] = [
    await trainerWith({}),
    await trainerWith({ devices: 2 }),
    await trainerWith({ bf16: true }),
  ];
  expect((await claimRun(db.pool, old))?.runId).toBe(plain.id);
  expect(await claimRun(db.pool, old)).toBeNull();
  expect((await claimRun(db.pool, able))?.runId).toBe(half.id);
  expect((await claimRun(db.pool, two))?.runId).toBe(spread.id);
});
