import { expect, test } from 'vitest';
import { encodeSafetensors } from '../format/safetensors.ts';
import type { DatasetSchema } from './dataset-schema.ts';
import { decodePack } from './pack.ts';

const images: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 2, width: 2, channels: 1 },
  classes: ['a', 'b'],
};
const pack = (x: number[], y: number[], shape = [y.length, 2, 2, 1]) =>
  encodeSafetensors(
    new Map([
      ['x', { shape, dtype: 'uint8' as const, data: Uint8Array.from(x) }],
      ['y', { shape: [y.length], dtype: 'int32' as const, data: Int32Array.from(y) }],
    ]),
  );

test('reads what fits its data set', () => {
  const { x, y, n } = decodePack(pack([1, 2, 3, 4, 5, 6, 7, 8], [0, 1]), images, 'train');
  expect([n, ...x, ...y]).toEqual([2, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1]);
});

test('refuses other shapes, other kinds and labels that no class has', () => {
  expect(() => decodePack(pack([1, 2, 3, 4], [0], [1, 4, 1, 1]), images, 'train')).toThrow('train holds "x" as uint8');
  expect(() => decodePack(pack([1, 2, 3, 4], [2]), images, 'train')).toThrow('outside its 2 classes');
  const table: DatasetSchema = { kind: 'tabular-regression', columns: [], features: 4, targets: [] };
  expect(() => decodePack(pack([1, 2, 3, 4], [0]), table, 'train')).toThrow('its data set says float32 [1, 4]');
});
