import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packKeyOf } from '#core/data/blob-keys.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import { type ClassificationReport, itemReport } from '#core/metric/item-report.ts';
import { histogramOf } from '#core/run/histogram.ts';
import { rateOfStep } from '#core/run/rate-finder.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { truncateHistograms } from '#db/runs/histograms.ts';
import { RunWrites } from '#db/runs/write-run.ts';
import { appendPoints } from '#db/series/series.ts';
import { makeDataset, makeProject, makeRun } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import type { Actor } from '../actor.ts';
import { diagnoseRun, listDiagnoses } from './diagnose-run.ts';
import { getHistograms } from './get-histograms.ts';
import { getItemReport, getWorstPictures } from './get-item-report.ts';
import { getRates } from './get-rates.ts';

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-reports-'));
const blobs = openBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));

const schema = {
  kind: 'image-classification',
  image: { height: 2, width: 2, channels: 1 },
  classes: ['cat', 'dog'],
};
const actorOf = (user: { id: string }): Actor => ({
  userId: user.id,
  isAdmin: false,
  via: { kind: 'session', sessionId: 's' },
});
const BASE = {
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 2 }] },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 10,
  epochs: 4,
};

async function newRun(change: object = {}) {
  const made = await makeProject(db);
  const dataset = await makeDataset(db, made, { schema, nTrain: 40, nValidation: 3, nTest: 3 });
  const run = await makeRun(db, { project: made.project, dataset }, { config: { ...BASE, ...change } });
  return { ...made, dataset, runId: run.id, actor: actorOf(made.user) };
}
const stranger = async () => actorOf((await makeProject(db)).user);

test('the item report comes with names, figures by class and pictures; other teams see no run', async () => {
  const { runId, actor, dataset } = await newRun();
  expect(await getItemReport(db, actor, runId)).toBeNull();
  expect(await getWorstPictures(db, blobs, actor, runId)).toEqual([]);
  const names = ['a.png', 'b.png', 'c.png'].map((name) => JSON.stringify({ name }));
  const items = Buffer.from(names.join('\n'));
  const ends = names.map((_, i) => Buffer.byteLength(names.slice(0, i + 1).join('\n')) + (i < 2 ? 1 : 0));
  await blobs.put(
    packKeyOf(dataset.id, 'validation'),
    encodeSafetensors(
      new Map([
        ['x', { dtype: 'uint8', shape: [3, 2, 2, 1], data: new Uint8Array(12) }],
        ['y', { dtype: 'int32', shape: [3], data: Int32Array.of(0, 1, 1) }],
        ['items', { dtype: 'uint8', shape: [items.length], data: new Uint8Array(items) }],
        ['itemEnds', { dtype: 'int32', shape: [3], data: Int32Array.from(ends) }],
      ] as const),
    ),
  );
  const task = { kind: 'classification', classes: 2 } as const;
  const report = itemReport(task, Float32Array.of(1, 0, 3, 0, 0, 1), Int32Array.of(0, 1, 1), 4) as ClassificationReport;
  await db.prisma.runItemReport.create({ data: { runId, report } });

  expect(await getItemReport(db, actor, runId)).toMatchObject({
    kind: 'classification',
    n: 3,
    epoch: 4,
    classes: [
      { name: 'cat', items: 1, right: 1, precision: 0.5, recall: 1 },
      { name: 'dog', items: 2, right: 1, precision: 1, recall: 0.5 },
    ],
    worst: [{ index: 1, label: 1, answer: 0 }, { index: 0 }, { index: 2 }],
  });
  const pictures = await getWorstPictures(db, blobs, actor, runId);
  expect(pictures.map((p) => p.name)).toEqual(['b.png', 'a.png', 'c.png']);
  expect(pictures[0]!.image).toMatch(/^data:image\/png;base64,/);
  const other = await stranger();
  await expect(getItemReport(db, other, runId)).rejects.toMatchObject({ code: 'not_found' });
  await expect(getWorstPictures(db, blobs, other, runId)).rejects.toMatchObject({ code: 'not_found' });
});

test('histograms are kept by layer and step, once, and cut where a run goes on', async () => {
  const { runId, actor } = await newRun();
  const at = (step: number) => ({
    name: 'weights/dense1',
    step,
    epoch: step / 4,
    ...histogramOf([Float32Array.of(-1, 0, 1)])!,
  });
  await db.prisma.run.update({ where: { id: runId }, data: { state: 'running', attempt: 1, startedAt: new Date() } });
  const writes = new RunWrites(db.pool, { runId, attempt: 1 });
  await writes.write({ histograms: [at(4), at(8)] });
  await writes.write({ histograms: [at(8), at(12)] });
  await truncateHistograms(db.pool, runId, 8);
  const found = await getHistograms(db, actor, { runId, names: ['weights/dense1', 'weights/none'] });
  expect(found.names).toEqual(['weights/dense1']);
  expect(found.histograms.map((h) => [h.step, h.epoch, h.min, h.max])).toEqual([
    [4, 1, -1, 1],
    [8, 2, -1, 1],
  ]);
  expect(found.histograms[0]!.counts.filter(Boolean)).toEqual([1, 1, 1]);
  expect((await getHistograms(db, actor, { runId })).histograms).toEqual([]);
  await expect(getHistograms(db, await stranger(), { runId })).rejects.toMatchObject({ code: 'not_found' });
});

test('a sweep suggests a rate while it runs; a check has no diagnosis, a training no sweep', async () => {
  const { runId, actor, projectId } = await newRun({ mode: 'find_learning_rate' }).then((made) => ({
    ...made,
    projectId: made.project.id,
  }));
  const steps = Array.from({ length: 140 }, (_, i) => i + 1);
  const rates = steps.map((step) => rateOfStep(step - 1));
  const losses = rates.map((rate) => 0.3 + 2 / (1 + (rate / 1e-3) ** 1.5));
  await appendPoints(db.pool, runId, [
    { name: 'lr/learning_rate', steps, times: steps, values: rates },
    { name: 'loss/train', steps, times: steps, values: losses },
  ]);
  await db.prisma.run.update({ where: { id: runId }, data: { state: 'running', startedAt: new Date(), step: 140 } });
  const found = (await getRates(db, actor, runId))!;
  expect(found.suggestion! / 1e-3).toBeGreaterThan(0.4);
  expect(found.suggestion! / 1e-3).toBeLessThan(2.5);
  expect(found.words).toContain('falls fastest');
  expect(await diagnoseRun(db, actor, runId)).toBeNull();
  expect(await listDiagnoses(db, actor, projectId)).toEqual([]);
  await expect(getRates(db, await stranger(), runId)).rejects.toMatchObject({ code: 'not_found' });
  const training = await newRun();
  expect(await getRates(db, training.actor, training.runId)).toBeNull();
});
