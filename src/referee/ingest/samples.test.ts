import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { datasetSchema } from '#core/data/dataset-schema.ts';
import { proposedDecision } from '#core/data/decision.ts';
import { decodePack, type Pack } from '#core/data/pack.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import { notify } from '#db/events/events.ts';
import { testDb } from '#db/testing.ts';
import { openSealed } from '../seal/open-sealed.ts';
import { testReferee, testUpload, untilState } from '../testing.ts';
import { readReport } from './workspace.ts';

const db = await testDb();
const referee = await testReferee(db);
referee.run();

/** Uploads a sample, takes what is proposed, and gives back everything that comes out. */
async function ingest(name: string, bytes?: Buffer) {
  const file = bytes ?? (await readFile(`samples/${name}`));
  const id = await testUpload(referee, name, file);
  const review = await untilState(referee, id, 'review', 'failed');
  expect(review.error).toBeNull();
  const report = await readReport(referee.blobs, id);
  await db.prisma.dataset.update({ where: { id }, data: { state: 'confirmed', decision: proposedDecision(report) } });
  await notify(db.pool, { topic: 'dataset', id, projectId: review.projectId });
  const row = await untilState(referee, id, 'sealed', 'review', 'failed');
  expect(row.error).toBeNull();
  const schema = datasetSchema.parse(row.schema);
  const pack = async (key: string) => decodePack(await referee.blobs.get(key), schema, key);
  const opened = await openSealed(referee.blobs, referee.key, row.sealedPart!);
  return {
    report,
    row,
    schema,
    sealed: row.report as unknown as SealedReport,
    train: await pack(row.trainKey!),
    validation: await pack(row.validationKey!),
    test: decodePack(await opened.all(), schema, 'test'),
  };
}

function rows(pack: Pack): string[] {
  const width = pack.x.length / pack.n;
  return Array.from({ length: pack.n }, (_, i) =>
    createHash('sha256')
      .update(Buffer.from(pack.x.slice(i * width, (i + 1) * width).buffer))
      .digest('hex'),
  );
}
function counts(pack: Pack): number[] {
  const out: number[] = [];
  for (const label of pack.y as Int32Array) out[label] = (out[label] ?? 0) + 1;
  return out;
}

describe('the samples', () => {
  it('mnist-5000.zip: ten classes from folders, 3500 / 750 / 750', async () => {
    const { report, schema, row, sealed, ...parts } = await ingest('mnist-5000.zip');
    expect(report.proposals[0]!.kind).toBe('image-classification');
    expect(report.problems.total).toBe(0);
    expect(schema).toMatchObject({
      kind: 'image-classification',
      image: { height: 28, width: 28, channels: 1 },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    });
    expect([row.nTrain, row.nValidation, row.nTest]).toEqual([parts.train.n, parts.validation.n, parts.test.n]);
    expect([parts.train.n, parts.validation.n, parts.test.n]).toEqual([3500, 750, 750]);
    expect(counts(parts.train)).toEqual(Array(10).fill(350));
    expect(counts(parts.test)).toEqual(Array(10).fill(75));
    expect(sealed.classes).toHaveLength(10);
    expect(JSON.stringify(sealed)).not.toContain('"test"');
  });

  it('digits-8x8.csv: tabular classification with ten classes', async () => {
    const { schema, train, validation, test } = await ingest('digits-8x8.csv');
    expect(schema).toMatchObject({ kind: 'tabular-classification', target: 'label' });
    expect('classes' in schema && schema.classes).toHaveLength(10);
    expect(train.n + validation.n + test.n).toBe(1797);
    expect(Math.abs(test.n - 1797 * 0.15)).toBeLessThan(2);
  });

  it('iris.csv: three classes, equal rows in one part', async () => {
    const { report, schema, row, train, validation, test } = await ingest('iris.csv');
    expect(schema).toMatchObject({ kind: 'tabular-classification', target: 'species', features: 4 });
    expect('classes' in schema && schema.classes).toEqual(['setosa', 'versicolor', 'virginica']);
    expect(report.duplicates.groups).toBeGreaterThan(0);
    expect(train.n + validation.n + test.n).toBe(150);
    const [a, b, c] = [train, validation, test].map((p) => new Set(rows(p)));
    for (const [one, two] of [
      [a, b],
      [a, c],
      [b, c],
    ] as const)
      expect([...one!].filter((print) => two!.has(print))).toEqual([]);
    expect(row.uploadKey).toBeNull();
  });

  it('diabetes.csv: regression with one target, standardised by the train part', async () => {
    const { schema, train, validation, test } = await ingest('diabetes.csv');
    if (schema.kind !== 'tabular-regression') throw new Error(schema.kind);
    expect(schema.features).toBe(10);
    const y = [...train.y];
    const mean = y.reduce((a, b) => a + b) / y.length;
    expect(schema.targets).toHaveLength(1);
    expect(schema.targets[0]!.name).toBe('progression');
    expect(schema.targets[0]!.offset).toBeCloseTo(mean, 4);
    expect(train.n + validation.n + test.n).toBe(442);
    const first = Array.from({ length: train.n }, (_, i) => train.x[i * 10]!);
    expect(first.reduce((a, b) => a + b) / train.n).toBeCloseTo(0, 4);
  });

  it('faces-keypoints.zip: 15 points, 60 rows with gaps, shared out', async () => {
    const { report, schema, train, validation, test } = await ingest('faces-keypoints.zip');
    if (report.content.type !== 'keypoints' || schema.kind !== 'image-keypoints') throw new Error('keypoints');
    expect(report.content).toMatchObject({ items: 600, incomplete: 60, side: 96 });
    expect(report.content.points).toHaveLength(15);
    expect(schema.targets).toHaveLength(30);
    expect(schema.targets[0]).toEqual({ name: 'left_eye_center_x', offset: 48, scale: 48 });
    expect([train.n, validation.n, test.n]).toEqual([420, 90, 90]);
    const gaps = (pack: Pack) =>
      Array.from({ length: pack.n }, (_, i) => pack.y.slice(i * 30, i * 30 + 30).some(Number.isNaN)).filter(Boolean)
        .length;
    expect([gaps(train), gaps(validation), gaps(test)]).toEqual([42, 9, 9]);
  });
});

it('the same content gives the same split, whatever the order of rows and the name of the file', async () => {
  const text = await readFile('samples/iris.csv', 'utf8');
  const [header, ...lines] = text.trim().split('\n');
  const turned = [header, ...lines.slice(70), ...lines.slice(0, 70).reverse()].join('\n');
  const [one, two] = [await ingest('iris.csv'), await ingest('other name.csv', Buffer.from(turned))];
  expect(two.row.contentDigest).toBe(one.row.contentDigest);
  expect(two.row.splitDigest).toBe(one.row.splitDigest);
  expect(two.train.x).toEqual(one.train.x);
  const changed = await ingest('iris.csv', Buffer.from(text.replace('5.1,3.5', '5.15,3.5')));
  expect(changed.row.splitDigest).not.toBe(one.row.splitDigest);
});
