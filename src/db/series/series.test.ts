import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SERIES } from '#core/run/series.ts';
import { makeDataset, makeProject, makeRun } from '../testing/fixtures.ts';
import { testDb } from '../testing.ts';
import { appendPoints, BLOCK_POINTS, listSeries, readSeries, truncateSeries } from './series.ts';

const db = await testDb();
const project = await makeProject(db);
const dataset = await makeDataset(db, project);
const newRun = async () => (await makeRun(db, { ...project, dataset })).id;

function points(name: string, from: number, to: number) {
  const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { name, steps, times: steps.map((s) => 1e12 + s), values: steps.map((s) => 1 / s) };
}

test('what is appended in any pieces is read back whole, over as few blocks as it fills', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
      const run = await newRun();
      let at = 0;
      for (const size of sizes) {
        await appendPoints(db.pool, run, [points('loss/train', at + 1, at + size)]);
        at += size;
      }
      const [series] = await readSeries(db.pool, run, ['loss/train']);
      expect(series).toEqual(points('loss/train', 1, at));
      expect(await db.prisma.seriesBlock.count({ where: { runId: run } })).toBe(Math.ceil(at / BLOCK_POINTS));
    }),
    { numRuns: 15 },
  );
});

test('NaN and infinities come back as they were', async () => {
  const run = await newRun();
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  await appendPoints(db.pool, run, [{ name: 'loss/train', steps: [1, 2, 3, 4], times: [1, 2, 3, 4], values }]);
  expect((await readSeries(db.pool, run, ['loss/train']))[0]!.values).toEqual(values);
});

test('the same batch sent again is skipped', async () => {
  const run = await newRun();
  await appendPoints(db.pool, run, [points('loss/train', 1, 10)]);
  expect(await appendPoints(db.pool, run, [points('loss/train', 6, 12)])).toEqual({ stored: 2, skipped: 5 });
  expect((await readSeries(db.pool, run, ['loss/train']))[0]).toEqual(points('loss/train', 1, 12));
});

test('afterStep answers only what is new, and names come in the order that was asked for', async () => {
  const run = await newRun();
  await appendPoints(db.pool, run, [points('loss/train', 1, 3_000), points('accuracy/train', 1, 5)]);
  const [missing, loss] = await readSeries(db.pool, run, ['no/such', 'loss/train'], { afterStep: 2_998 });
  expect(missing!.steps).toEqual([]);
  expect(loss!.steps).toEqual([2_999, 3_000]);
  expect(await listSeries(db.pool, run)).toEqual(['accuracy/train', 'loss/train']);
});

test.each([0, 1, 500, BLOCK_POINTS, BLOCK_POINTS + 1, 2_500, 4_000])(
  'after truncation at step %i a resumed run goes on without zig-zag or gap, and scripts keep their points',
  async (step) => {
    const run = await newRun();
    await appendPoints(db.pool, run, [points('loss/train', 1, 2_500), points('custom/f1', 1, 20)]);
    await truncateSeries(db.pool, run, step);
    const kept = Math.min(step, 2_500);
    expect((await readSeries(db.pool, run, ['loss/train']))[0]!.steps.length).toBe(kept);
    await appendPoints(db.pool, run, [points('loss/train', kept + 1, 3_000)]);
    const [loss, custom] = await readSeries(db.pool, run, ['loss/train', 'custom/f1']);
    expect(loss).toEqual(points('loss/train', 1, 3_000));
    expect(custom!.steps.length).toBe(20);
  },
);

test('writers at the same moment lose nothing', async () => {
  const run = await newRun();
  const names = Array.from({ length: 8 }, (_, i) => `custom/s${i}`);
  await Promise.all(names.map((name) => appendPoints(db.pool, run, [points(name, 1, 1_500)])));
  await Promise.all(names.map(() => appendPoints(db.pool, run, [points('custom/shared', 1, 1_500)])));
  for (const series of await readSeries(db.pool, run, [...names, 'custom/shared']))
    expect(series.steps.length).toBe(1_500);
});

test('a run keeps a limited number of series', async () => {
  const run = await newRun();
  const all = Array.from({ length: MAX_SERIES }, (_, i) => points(`custom/s${i}`, 1, 1));
  await appendPoints(db.pool, run, all);
  await expect(appendPoints(db.pool, run, [points('custom/one-more', 1, 1)])).rejects.toMatchObject({
    code: 'too_large',
  });
  await appendPoints(db.pool, run, [points('custom/s1', 2, 2)]);
});
