import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { claimRun, type Held } from '#db/runs/queue.ts';
import { readSeries } from '#db/series/series.ts';
import { makeDataset, makeProject, makeRun } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { RunWriter } from './run-writer.ts';

const db = await testDb();
const project = await makeProject(db);
const dataset = await makeDataset(db, project);
const writers: RunWriter[] = [];
afterEach(() => {
  for (const writer of writers.splice(0)) writer.close();
});

async function claimed(): Promise<Held> {
  await makeRun(db, { ...project, dataset });
  const trainer = { id: randomUUID(), name: 't', host: 'h', pid: 1, device: 'cpu:0', engine: 'wasm' };
  await db.prisma.trainer.create({ data: trainer });
  return (await claimRun(db.pool, trainer.id))!;
}
function writerOf(held: Held, pool: Pool = db.pool, onLost = () => {}) {
  const writer = new RunWriter(pool, held, onLost);
  writers.push(writer);
  return writer;
}
const stored = async ({ runId }: Held) => (await readSeries(db.pool, runId, ['loss/train']))[0]!;

test('writes by itself what it was given: points, progress and log', async () => {
  const held = await claimed();
  const writer = writerOf(held);
  for (let step = 1; step <= 10; step++) writer.point('loss/train', step, 1 / step);
  writer.progress(1, 10, { 'loss/train': 0.1 });
  writer.rate(500);
  writer.log('info', 'hello');
  await vi.waitUntil(async () => (await stored(held)).steps.length === 10);
  const run = await db.prisma.run.findUniqueOrThrow({ where: { id: held.runId }, include: { log: true } });
  expect(run).toMatchObject({ epoch: 1, step: 10, itemsPerSecond: 500, lastMetrics: { 'loss/train': 0.1 } });
  expect(run.log.map((l) => l.message)).toEqual(['hello']);
});

test('keeps everything while Postgres is away and loses nothing, whatever comes meanwhile', async () => {
  const held = await claimed();
  let away = true;
  const query = (...of: Parameters<typeof db.pool.query>) =>
    away ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })) : db.pool.query(...of);
  const writer = writerOf(held, { query } as unknown as Pool);
  for (let step = 1; step <= 5; step++) writer.point('loss/train', step, step);
  writer.progress(0, 5, { 'loss/train': 5 });
  writer.log('info', 'one');
  await expect(writer.flush()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  for (let step = 6; step <= 9; step++) writer.point('loss/train', step, step);
  writer.progress(0, 9);
  writer.log('info', 'two');
  away = false;
  await writer.flush();
  expect((await stored(held)).values).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const run = await db.prisma.run.findUniqueOrThrow({ where: { id: held.runId }, include: { log: true } });
  expect(run).toMatchObject({ step: 9, lastMetrics: { 'loss/train': 5 } });
  expect(run.log.map((l) => l.message)).toEqual(['one', 'two']);
});

test('an attempt that lost its run writes nothing and says so', async () => {
  const held = await claimed();
  const lost = vi.fn();
  const writer = writerOf({ ...held, attempt: held.attempt + 1 }, db.pool, lost);
  writer.point('loss/train', 1, 1);
  await vi.waitUntil(() => lost.mock.calls.length > 0);
  expect((await stored(held)).steps).toEqual([]);
});

test('points that come while a flush is under way go with the next one', async () => {
  const held = await claimed();
  const writer = writerOf(held);
  writer.point('loss/train', 1, 1);
  const first = writer.flush();
  writer.point('loss/train', 2, 2);
  await first;
  writer.point('loss/train', 3, 3);
  await Promise.all([writer.flush(), writer.flush()]);
  expect((await stored(held)).steps).toEqual([1, 2, 3]);
});

test('a message with NUL is written, and what Postgres refuses for good is thrown and not tried for ever', async () => {
  const held = await claimed();
  const writer = writerOf(held);
  writer.log('info', 'a\0b');
  await writer.flush();
  const lines = await db.prisma.runLog.findMany({ where: { runId: held.runId } });
  expect(lines.map((l) => l.message)).toEqual(['a\ufffdb']);
  const refuse = () => Promise.reject(Object.assign(new Error('invalid byte sequence'), { code: '22021' }));
  const refused = writerOf(held, { query: refuse } as unknown as Pool);
  refused.log('info', 'c');
  await expect(refused.flushUntilDone()).rejects.toThrow('invalid byte sequence');
});
