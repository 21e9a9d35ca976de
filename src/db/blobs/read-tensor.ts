import { AppError } from '#core/errors.ts';
import {
  parseSafetensorsHeader,
  type SafeHeader,
  type SafeTensor,
  safetensorsHeaderBytes,
  tensorView,
} from '#core/format/safetensors.ts';
import { type BlobStore, noBlob } from './blob-store.ts';

/** Where the tensors of a safetensors blob lie; `what` stands in the messages. Throws AppError `not_found`, `invalid_data`. */
export async function readHeader(blobs: BlobStore, key: string, what = key): Promise<SafeHeader> {
  const found = await blobs.stat(key);
  if (!found) throw noBlob(key);
  const length = safetensorsHeaderBytes(await blobs.range(key, 0, Math.min(8, found.bytes)), found.bytes, what);
  return parseSafetensorsHeader(await blobs.range(key, 0, length), found.bytes, what);
}

/** One tensor of a safetensors blob; reads the header and its bytes, nothing else. Throws AppError `not_found`, `invalid_data`. */
export async function readTensor(blobs: BlobStore, key: string, name: string): Promise<SafeTensor> {
  const { entries } = await readHeader(blobs, key);
  const entry = entries.get(name);
  if (!entry) throw new AppError('invalid_data', `${key} holds no tensor "${name}".`);
  const { shape, dtype, begin, end } = entry;
  return { shape, dtype, data: tensorView(await blobs.range(key, begin, end), dtype) };
}
