import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { FileBlobs } from './file-blobs.ts';
import { readTensor } from './read-tensor.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-tensor-'));
afterAll(() => rm(folder, { recursive: true }));

test('one tensor of many is read by range', async () => {
  const blobs = new FileBlobs(folder);
  const tensors = new Map<string, SafeTensor>([
    ['x', { shape: [3, 2], dtype: 'uint8', data: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
    ['y', { shape: [3], dtype: 'int32', data: Int32Array.of(7, 8, 9) }],
  ]);
  await blobs.put('pack', encodeSafetensors(tensors));
  expect(await readTensor(blobs, 'pack', 'y')).toEqual(tensors.get('y'));
  expect(await readTensor(blobs, 'pack', 'x')).toEqual(tensors.get('x'));
  await expect(readTensor(blobs, 'pack', 'z')).rejects.toMatchObject({ code: 'invalid_data' });
  await expect(readTensor(blobs, 'other', 'x')).rejects.toMatchObject({ code: 'not_found' });
  await blobs.put('short', Buffer.from('abc'));
  await expect(readTensor(blobs, 'short', 'x')).rejects.toMatchObject({ code: 'invalid_data' });
});
