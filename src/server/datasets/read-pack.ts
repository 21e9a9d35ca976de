import { packKeyOf } from '#core/data/blob-keys.ts';
import { OPEN_PARTS, type OpenPart, type PackItem } from '#core/data/sealed-report.ts';
import { notFound } from '#core/errors.ts';
import { type SafeEntry, type SafeHeader, tensorView } from '#core/format/safetensors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { readPackItems } from '#db/blobs/pack-items.ts';
import { readHeader } from '#db/blobs/read-tensor.ts';

/** Items of a packed part, read by place: a page costs its own bytes, however large the part is. */

/** Packs never change, so their headers may be kept. */
const headers = new Map<string, SafeHeader>();
const KEPT = 64;

export interface OpenPack {
  n: number;
  /** uint8 pixels or float32 features of one item */
  x(index: number): Promise<Buffer>;
  /** Throws RangeError outside 0 to n. */
  items(from: number, to: number): Promise<PackItem[]>;
  /** int32 [n] of a classification */
  labels(): Promise<Int32Array>;
}

/** The part as a person names it; anything but train and validation answers as what does not exist. */
export function openPartOf(part: string): OpenPart {
  const found = OPEN_PARTS.find((p) => p === part);
  if (!found) throw notFound('part');
  return found;
}

export async function openPack(blobs: BlobStore, datasetId: string, part: OpenPart): Promise<OpenPack> {
  const key = packKeyOf(datasetId, part);
  const header = headers.get(key) ?? (await keptHeader(blobs, key));
  const entry = (name: string) => header.entries.get(name)!;
  const read = (e: SafeEntry, from: number, to: number) => blobs.range(key, e.begin + from, e.begin + to);
  const x = entry('x');
  const n = x.shape[0]!;
  const itemBytes = (x.end - x.begin) / n;
  return {
    n,
    x: (index) => read(x, index * itemBytes, (index + 1) * itemBytes),
    items: (from, to) => readPackItems(blobs, key, header, from, to),
    async labels() {
      const y = entry('y');
      return tensorView(await read(y, 0, y.end - y.begin), 'int32') as Int32Array;
    },
  };
}

async function keptHeader(blobs: BlobStore, key: string): Promise<SafeHeader> {
  if (!(await blobs.stat(key))) throw notFound('part');
  const header = await readHeader(blobs, key);
  if (headers.size >= KEPT) headers.delete(headers.keys().next().value!);
  headers.set(key, header);
  return header;
}
