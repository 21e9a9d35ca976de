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
  const source = { ...data, copies: [{ schema: images(2), keys: await stored(imagePack([2, 9, 2]), imagePack([4])) }] };
  const none = { ...data, copies: [{ schema: images(2), keys: await stored(imagePack([7, 8])) }] };
  expect(await compareSources(blobs, { file, schema: images(2) }, [source, none], true)).toEqual([
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
      ['y', { dtype: 'int32', shape: [rows.length], data: new Int32Array(rows.length) }],
      ['items', { dtype: 'uint8', shape: [items.length], data: items }],
    ]),
  );
}

test('rows are the same where every value is, by the names of the columns and not by their order', async () => {
  const file = fileOf(tablePack([[1.5, 'Köln'], [2, 'Bonn'], [3, null]])); // biome-ignore format: rows
  const keys = await stored(tablePack([['Köln', 1.5], [null, 3], ['Köln', 2]])); // biome-ignore format: rows
  const sources = [{ ...data, copies: [{ schema: table('city', 'age'), keys }] }];
  const [overlap] = await compareSources(blobs, { file, schema: table('age', 'city') }, sources, true);
  expect(overlap).toEqual({ ...data, testItems: 2, reason: null });
});

test('a value is the same whether its column is numeric in one data set and categorical in the other', async () => {
  const keys = await stored(tablePack([['2', 'Bonn'], ['7', 'Bonn']])); // biome-ignore format: rows
  const numeric = table('age', 'city');
  const columns = [
    { type: 'categorical', name: 'age', categories: ['2', '7'] },
    { type: 'categorical', name: 'city', categories: ['Bonn'] },
  ];
  const text = { ...numeric, columns };
  const sources = [{ ...data, copies: [{ schema: text as DatasetSchema, keys }] }];
  const file = fileOf(tablePack([[2, 'Bonn'], [3, 'Bonn']])); // biome-ignore format: rows
  expect((await compareSources(blobs, { file, schema: numeric }, sources, true))[0]!.testItems).toBe(1);
});

test('of copies with the same content the first that can be compared counts', async () => {
  const keys = await stored(imagePack([1]));
  const copies = [
    { schema: images(2), keys: ['packs/gone/part.safetensors'] },
    { schema: images(4), keys },
    { schema: images(2), keys },
  ];
  const test = { file: fileOf(imagePack([1, 2])), schema: images(2) };
  const [overlap] = await compareSources(blobs, test, [{ ...data, copies }], true);
  expect(overlap).toEqual({ ...data, testItems: 1, reason: null });
  const none = await compareSources(blobs, test, [{ ...data, copies: copies.slice(0, 2) }], true);
  expect(none[0]).toMatchObject({ testItems: null, reason: 'it is deleted' });
});

test('large images and many of them are read block by block', async () => {
  const side = 1_200;
  const schema: DatasetSchema = { ...images(side), image: { height: side, width: side, channels: 1 } } as DatasetSchema;
  const pack = (greys: number[]) =>
    encodeSafetensors(
      new Map<string, SafeTensor>([
        [
          'x',
          {
            dtype: 'uint8',
            shape: [greys.length, side, side, 1],
            data: Uint8Array.from({ length: greys.length * side * side }, (_, i) => greys[Math.floor(i / side ** 2)]!),
          },
        ],
        ['y', { dtype: 'int32', shape: [greys.length], data: new Int32Array(greys.length) }],
      ]),
    );
  const keys = await stored(pack([1, 2, 3, 4, 5, 6, 7]));
  const test = { file: fileOf(pack([7, 3, 9, 10, 1])), schema };
  expect((await compareSources(blobs, test, [{ ...data, copies: [{ schema, keys }] }], true))[0]!.testItems).toBe(3);
});

test('many rows are read block by block', async () => {
  const rows = (from: number, n: number) => Array.from({ length: n }, (_, i) => [from + i, 'Köln'.repeat(20)]);
  const keys = await stored(tablePack(rows(0, 60_000)));
  const sources = [{ ...data, copies: [{ schema: table('age', 'city'), keys }] }];
  const file = fileOf(tablePack(rows(59_000, 3_000)));
  const [overlap] = await compareSources(blobs, { file, schema: table('age', 'city') }, sources, true);
  expect(overlap!.testItems).toBe(1_000);
});

test('what cannot be compared is said with its reason', async () => {
  const file = fileOf(imagePack([1, 2]));
  const keys = await stored(imagePack([1]));
  const of = (schema: DatasetSchema, at = keys) => ({ ...data, copies: [{ schema, keys: at }] });
  const sources = [
    { ...data, copies: [] },
    of(images(2), ['packs/gone/part.safetensors']),
    of(images(4)),
    of(table('age')),
  ];
  const overlaps = await compareSources(blobs, { file, schema: images(2) }, sources, true);
  expect(overlaps.map((o) => o.testItems)).toEqual([null, null, null, null]);
  expect(overlaps.map((o) => o.reason)).toEqual([
    'it is deleted',
    'it is deleted',
    'its images are 2 x 4 pixels in grey, these 2 x 2 pixels in grey',
    'one holds images, the other rows',
  ]);
});

test('damaged data is said to be so: no header, another shape, lines that are no items', async () => {
  const of = async (schema: DatasetSchema, file: Uint8Array, good: Uint8Array) => {
    const sources = [{ ...data, copies: [{ schema, keys: await stored(file) }] }];
    return (await compareSources(blobs, { file: fileOf(good), schema }, sources, true))[0];
  };
  const damaged = { ...data, testItems: null, reason: 'it is damaged' };
  const noHeader = Uint8Array.from({ length: 100 }, () => 255);
  expect(await of(images(2), noHeader, imagePack([1]))).toEqual(damaged);
  const flat = new Map<string, SafeTensor>([
    ['x', { dtype: 'uint8', shape: [1, 4, 1, 1], data: new Uint8Array(4) }],
    ['y', { dtype: 'int32', shape: [1], data: new Int32Array(1) }],
  ]);
  expect(await of(images(2), encodeSafetensors(flat), imagePack([0]))).toEqual(damaged);
  for (const change of [
    (line: string) => line.replace('{', '\u0001'),
    () => 'null',
    (line: string) => line.replace('[1', '[1,2'),
  ]) {
    const line = JSON.stringify({ name: 'row 0', label: 'a', values: [1, 'Bonn'] });
    const items = new Uint8Array(Buffer.from(`${change(line)}\n`));
    const pack = new Map<string, SafeTensor>([
      ['x', { dtype: 'float32', shape: [1, 4], data: new Float32Array(4) }],
      ['y', { dtype: 'int32', shape: [1], data: new Int32Array(1) }],
      ['items', { dtype: 'uint8', shape: [items.length], data: items }],
    ]);
    const good = tablePack([[1, 'Bonn']]);
    expect(await of(table('age', 'city'), encodeSafetensors(pack), good)).toEqual(damaged);
  }
});

test('a disk that fails for a moment is tried again later, and one that fails for good is said to', async () => {
  const keys = await stored(imagePack([1]));
  const failing = { ...blobs, stat: blobs.stat.bind(blobs), range: () => Promise.reject(new Error('EIO')) };
  const sources = [{ ...data, copies: [{ schema: images(2), keys }] }];
  const test = { file: fileOf(imagePack([1, 2])), schema: images(2) };
  const compare = (patient: boolean) => compareSources(failing as unknown as typeof blobs, test, sources, patient);
  await expect(compare(true)).rejects.toThrow('EIO');
  // In the end the score is told, and that this is not known.
  expect(await compare(false)).toEqual([{ ...data, testItems: null, reason: 'it could not be read' }]);
});
