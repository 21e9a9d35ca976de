import type { Pool } from 'pg';
import { expect, test, vi } from 'vitest';
import { histogramOf } from '#core/run/histogram.ts';
import { MAX_SERIES } from '#core/run/series.ts';
import { appendPoints, BLOCK_POINTS, readSeries } from '../series/series.ts';
import { makeDataset, makeProject, makeRun } from '../testing/fixtures.ts';
import { testDb } from '../testing.ts';
import type { Held } from './queue.ts';
import { RunWrites } from './write-run.ts';

const db = await testDb();
const project = await makeProject(db);
const dataset = await makeDataset(db, project);

async function newHeld(): Promise<Held> {
  const held = { state: 'running', attempt: 1, startedAt: new Date() } as const;
  return { runId: (await makeRun(db, { ...project, dataset }, held)).id, attempt: 1 };
}
function points(name: string, from: number, to: number) {
  const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { name, steps, times: steps.map((s) => 1e12 + s), values: steps.map((s) => 1 / s) };
}
const stored = ({ runId }: Held) =>
  db.prisma.run.findUniqueOrThrow({
    where: { id: runId },
    include: { log: { orderBy: { id: 'asc' } }, histograms: true, blocks: true },
  });
const news = {
  points: [points('loss/train', 1, 3)],
  log: [{ at: 1_000, level: 'info' as const, message: 'hello' }],
  histograms: [{ name: 'weights/dense1', step: 3, epoch: 1, ...histogramOf([Float32Array.of(0, 1)])! }],
  progress: { epoch: 1, step: 3, rate: 500, metrics: { 'loss/train': 0.5 } },
};

test('everything is written at once, and what is not said stays', async () => {
  const held = await newHeld();
  const writes = new RunWrites(db.pool, held);
  await writes.write(news);
  await writes.write({ log: [{ at: 2_000, level: 'warning', message: 'alone' }] });
  await writes.write({ progress: { epoch: 1, step: 4, rate: null, metrics: { 'loss/validation': 0.6 } } });
  const run = await stored(held);
  const metrics = { 'loss/train': 0.5, 'loss/validation': 0.6 };
  expect(run).toMatchObject({ epoch: 1, step: 4, itemsPerSecond: 500, lastMetrics: metrics });
  expect(run.log.map((l) => [l.at.getTime(), l.level, l.message, l.attempt])).toEqual([
    [1_000, 'info', 'hello', 1],
    [2_000, 'warning', 'alone', 1],
  ]);
  expect(run.histograms).toMatchObject([{ name: 'weights/dense1', step: 3, epoch: 1, min: 0, max: 1 }]);
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3));
});

test('whoever lost the run writes nothing of it', async () => {
  const held = await newHeld();
  await db.prisma.run.update({ where: { id: held.runId }, data: { attempt: 2 } });
  await expect(new RunWrites(db.pool, held).write(news)).rejects.toMatchObject({ name: 'LeaseLostError' });
  const run = await stored(held);
  expect(run).toMatchObject({ step: 0, itemsPerSecond: null, log: [], histograms: [], blocks: [] });
});

test('a series that grows write by write lies in as few blocks as it fills, and where it ends is read once', async () => {
  const held = await newHeld();
  const asked: string[] = [];
  const query = (...of: Parameters<typeof db.pool.query>) => {
    asked.push(typeof of[0] === 'string' ? 'ends' : 'write');
    return db.pool.query(...of);
  };
  const writes = new RunWrites({ query } as unknown as Pool, held);
  for (let at = 0; at < 3_000; at += 500) await writes.write({ points: [points('loss/train', at + 1, at + 500)] });
  expect(asked.filter((what) => what === 'ends')).toEqual(['ends']);
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3_000));
  expect((await stored(held)).blocks.length).toBe(Math.ceil(3_000 / BLOCK_POINTS));
  // Another process goes on where this one was.
  await new RunWrites(db.pool, held).write({ points: [points('loss/train', 2_990, 3_010)] });
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3_010));
});

type Query = (...of: Parameters<typeof db.pool.query>) => Promise<unknown>;
const poolOf = (query: Query) => ({ query }) as unknown as Pool;
const isWrite = (of: unknown) => typeof of !== 'string';
const line = (message: string) => ({ at: 1, level: 'info' as const, message });
const messages = async (held: Held) => (await stored(held)).log.map(({ message }) => message);

test.each([
  ['is in all the same', true],
  ['is not in', false],
])('a write without an answer that %s may be written again, with what is new behind it', async (_, isIn) => {
  const held = await newHeld();
  let fail = false;
  const writes = new RunWrites(
    poolOf(async (...of) => {
      if (!fail || !isWrite(of[0])) return db.pool.query(...of);
      if (isIn) await db.pool.query(...of);
      throw new Error('Connection terminated unexpectedly');
    }),
    held,
  );
  await writes.write({ points: [points('loss/train', 1, 10)] });
  fail = true;
  const first = { points: [points('loss/train', 11, 20)], log: [line('one')] };
  await expect(writes.write(first)).rejects.toThrow('terminated');
  fail = false;
  await writes.write({ points: [points('loss/train', 11, 25)], log: [line('one'), line('two')] });
  await writes.write({ points: [points('loss/train', 26, 30)], log: [line('three')] });
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 30));
  expect(await messages(held)).toEqual(['one', 'two', 'three']);
});

test('a write that is cut off while it waits its turn in Postgres, and comes in after it was written again, is in once', async () => {
  const held = await newHeld();
  await new RunWrites(db.pool, held).write({ points: [points('loss/train', 1, 300)] });
  const blocker = await db.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT 1 FROM "Run" WHERE id = $1 FOR NO KEY UPDATE', [held.runId]);
  const waiting = async (n: number) => {
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"RunHistogram"%'`,
    );
    expect(rows[0]!.n).toBe(n);
  };
  const until = (n: number) => vi.waitFor(() => waiting(n), { timeout: 10_000, interval: 20 });
  let cutOff: Promise<unknown> = Promise.resolve();
  let first = true;
  const writes = new RunWrites(
    poolOf(async (...of) => {
      if (!first || !isWrite(of[0])) return db.pool.query(...of);
      first = false;
      cutOff = db.pool.query(...of) as unknown as Promise<unknown>;
      await until(1);
      throw new Error('read ECONNRESET');
    }),
    held,
  );
  const news = { points: [points('loss/train', 301, 700)], log: [line('one')] };
  await expect(writes.write(news)).rejects.toThrow('ECONNRESET');
  const again = writes.write({ points: [points('loss/train', 301, 800)], log: [line('one'), line('two')] });
  await until(2);
  await blocker.query('COMMIT');
  blocker.release();
  await Promise.all([cutOff, again]);
  await writes.write({ points: [points('loss/train', 801, 3_000)] });
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3_000));
  expect(await messages(held)).toEqual(['one', 'two']);
});

test('scripts that used up the series of a run do not keep its trainer from writing', async () => {
  const held = await newHeld();
  const all = Array.from({ length: MAX_SERIES }, (_, i) => points(`custom/s${i}`, 1, 1));
  await appendPoints(db.pool, held.runId, all);
  await new RunWrites(db.pool, held).write(news);
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3));
});
