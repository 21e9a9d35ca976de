import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { checkLabels, checkPackShapes } from '#core/data/pack.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { readHeader, readTensor } from '#db/blobs/read-tensor.ts';
import type { ItemArray, PartArrays } from '#engine/engine.ts';

/** One packed part for the engine. `streams`: its inputs stay in their file, only the answers are read. Throws AppError `invalid_data`. */
export async function loadPart(
  blobs: BlobStore,
  key: string,
  schema: DatasetSchema,
  { name, items, streams }: { name: string; items: number; streams: boolean },
): Promise<PartArrays> {
  const what = `The ${name} part`;
  const { entries } = await readHeader(blobs, key, what);
  const n = checkPackShapes(entries, schema, what);
  if (n !== items) throw new AppError('invalid_data', `${what} holds ${n} items, its data set says ${items}.`);
  const y = (await readTensor(blobs, key, 'y')).data as PartArrays['y'];
  checkLabels(y, schema, what);
  const x = streams
    ? { file: await blobs.local(key), begin: entries.get('x')!.begin }
    : ((await readTensor(blobs, key, 'x')).data as ItemArray);
  return { x, y, n };
}
