import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { encodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { compareSources } from './compare-sources.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-compare-'));
const blobs = openBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));

const fileOf = (bytes: Uint8Array) => ({
  bytes: bytes.length,
  range: async (start: number, end: number) => Buffer.from(bytes.subarray(start, end)),
});
let serial = 0;
async function stored(...packs: Uint8Array[]): Promise<string[]> {
  const keys = packs.map(() => `packs/${++serial}/part.safetensors`);
  for (const [i, pack] of packs.entries()) await blobs.put(keys[i]!, pack);
  return keys;
}
const data = { contentDigest: 'c', splitDigest: 's' };

const images = (side: number): DatasetSchema => ({
  kind: 'image-classification',
  image: { height: side, width: 2, channels: 1 },
  classes: ['a', 'b'],
});
/** Images of 2 x 2 pixels, each of one grey. */
function imagePack(greys: number[]): Uint8Array {
  const pixels = Uint8Array.from(greys.flatMap((grey) => [grey, grey, grey, grey]));
  return encodeSafetensors(
    new Map<string, SafeTensor>([
      ['x', { dtype: 'uint8', shape: [greys.length, 2, 2, 1], data: pixels }],
      ['y', { dtype: 'int32', shape: [greys.length], data: new Int32Array(greys.length) }],
    ]),
  );
}

test('images are the same where every pixel is, in train or validation; equal test items each count', async () => {
  const file = fileOf(imagePack([1, 2, 2, 3, 4]));
  const source = { ...data, parts: { schema: images(2), keys: await stored(imagePack([2, 9, 2]), imagePack([4])) } };
  const none = { ...data, parts: { schema: images(2), keys: await stored(imagePack([7, 8])) } };
  expect(await compareSources(blobs, { file, schema: images(2) }, [source, none])).toEqual([
    { ...data, testItems: 3, reason: null },
    { ...data, testItems: 0, reason: null },
  ]);
});

const table = (...names: string[]): DatasetSchema => ({
  kind: 'tabular-classification',
  columns: names.map((name) =>
    name === 'city'
      ? { type: 'categorical', name, categories: ['Bonn', 'Köln'] }
      : { type: 'numeric', name, mean: 0, std: 1, missing: false },
  ),
  features: 4,
  target: 't',
  classes: ['a', 'b'],
});
function tablePack(rows: (number | string | null)[][]): Uint8Array {
  const text = rows.map((values, i) => `${JSON.stringify({ name: `row ${i}`, label: 'a', values })}\n`).join('');
  const items = new Uint8Array(Buffer.from(text));
  // The encoded numbers differ from data set to data set: they go by each one's own mean.
  const x = Float32Array.from({ length: 4 * rows.length }, () => ++serial);
  return encodeSafetensors(
    new Map<string, SafeTensor>([
      ['x', { dtype: 'float32', shape: [rows.length, 4], data: x }],
      ['items', { dtype: 'uint8', shape: [items.length], data: items }],
    ]),
  );
}

test('rows are the same where every value is, by the names of the columns and not by their order', async () => {
  const file = fileOf(tablePack([[1.5, 'Köln'], [2, 'Bonn'], [3, null]])); // biome-ignore format: rows
  const keys = await stored(tablePack([['Köln', 1.5], [null, 3], ['Köln', 2]])); // biome-ignore format: rows
  const sources = [{ ...data, parts: { schema: table('city', 'age'), keys } }];
  const [overlap] = await compareSources(blobs, { file, schema: table('age', 'city') }, sources);
  expect(overlap).toEqual({ ...data, testItems: 2, reason: null });
});

test('many rows are read block by block', async () => {
  const rows = (from: number, n: number) => Array.from({ length: n }, (_, i) => [from + i, 'Köln'.repeat(20)]);
  const keys = await stored(tablePack(rows(0, 60_000)));
  const sources = [{ ...data, parts: { schema: table('age', 'city'), keys } }];
  const file = fileOf(tablePack(rows(59_000, 3_000)));
  const [overlap] = await compareSources(blobs, { file, schema: table('age', 'city') }, sources);
  expect(overlap!.testItems).toBe(1_000);
});

test('what cannot be compared is said with its reason', async () => {
  const file = fileOf(imagePack([1, 2]));
  const keys = await stored(imagePack([1]));
  const [damaged] = await stored(Uint8Array.from({ length: 100 }, () => 255));
  const of = (schema: DatasetSchema, at = keys) => ({ ...data, parts: { schema, keys: at } });
  const sources = [
    { ...data, parts: null },
    of(images(2), ['packs/gone/part.safetensors']),
    of(images(4)),
    of(table('age')),
    of(images(2), [damaged!]),
  ];
  const overlaps = await compareSources(blobs, { file, schema: images(2) }, sources);
  expect(overlaps.map((o) => o.testItems)).toEqual([null, null, null, null, null]);
  expect(overlaps.map((o) => o.reason)).toEqual([
    'it is deleted',
    'it is deleted',
    'its images are 2 x 4 pixels in grey, these 2 x 2 pixels in grey',
    'one holds images, the other rows',
    'it is damaged',
  ]);
});

test('a disk that fails for a moment is tried again later, and nothing is signed meanwhile', async () => {
  const keys = await stored(imagePack([1]));
  const failing = { ...blobs, stat: blobs.stat.bind(blobs), range: () => Promise.reject(new Error('EIO')) };
  const sources = [{ ...data, parts: { schema: images(2), keys } }];
  const test = { file: fileOf(imagePack([1, 2])), schema: images(2) };
  await expect(compareSources(failing as unknown as typeof blobs, test, sources)).rejects.toThrow('EIO');
});
