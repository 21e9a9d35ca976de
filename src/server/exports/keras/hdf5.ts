import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Group } from 'h5wasm/node';
import type { SafeTensor } from '#core/format/safetensors.ts';

/** Groups by path, each with attributes of text, and the arrays in it. */
export type Hdf5Groups = ReadonlyMap<string, { attributes: Record<string, string>; arrays: Map<string, SafeTensor> }>;

/** One HDF5 file's bytes. The library writes real files alone, so it takes the way through a temporary one. */
export async function encodeHdf5(groups: Hdf5Groups): Promise<Buffer> {
  // 15 MB of WebAssembly that only exports need.
  const { default: hdf5 } = await import('h5wasm/node');
  await hdf5.ready;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'holdout-hdf5-'));
  try {
    const place = path.join(folder, 'weights.h5');
    const file = new hdf5.File(place, 'w');
    try {
      for (const [name, { attributes, arrays }] of groups) {
        let group: Group = file;
        for (const segment of name.split('/'))
          group = (group.get(segment) as Group | null) ?? group.create_group(segment);
        for (const [key, value] of Object.entries(attributes)) group.create_attribute(key, value);
        for (const [key, { shape, data }] of arrays) group.create_dataset({ name: key, data, shape, dtype: '<f' });
      }
    } finally {
      file.close();
    }
    return await readFile(place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
