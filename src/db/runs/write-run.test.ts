import type { Pool } from 'pg';
import { expect, test } from 'vitest';
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

test('a write whose answer was lost may be written again', async () => {
  const held = await newHeld();
  let lose = false;
  const query = async (...of: Parameters<typeof db.pool.query>) => {
    const answer = await db.pool.query(...of);
    if (lose && typeof of[0] !== 'string') throw new Error('Connection terminated unexpectedly');
    return answer;
  };
  const writes = new RunWrites({ query } as unknown as Pool, held);
  await writes.write({ points: [points('loss/train', 1, 10)] });
  lose = true;
  await expect(writes.write({ points: [points('loss/train', 11, 20)] })).rejects.toThrow('terminated');
  lose = false;
  await writes.write({ points: [points('loss/train', 11, 25)] });
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 25));
});

test('scripts that used up the series of a run do not keep its trainer from writing', async () => {
  const held = await newHeld();
  const all = Array.from({ length: MAX_SERIES }, (_, i) => points(`custom/s${i}`, 1, 1));
  await appendPoints(db.pool, held.runId, all);
  await new RunWrites(db.pool, held).write(news);
  expect((await readSeries(db.pool, held.runId, ['loss/train']))[0]).toEqual(points('loss/train', 1, 3));
});
