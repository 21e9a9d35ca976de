import type { PackItem } from '#core/data/sealed-report.ts';
import { type SafeEntry, type SafeHeader, tensorView } from '#core/format/safetensors.ts';
import type { BlobStore } from './blob-store.ts';

/** Items `from` to `to` (exclusive) of a packed part, as a person knows them: reads their own bytes alone. Throws RangeError outside 0 to n. */
export async function readPackItems(
  blobs: BlobStore,
  key: string,
  header: SafeHeader,
  from: number,
  to: number,
): Promise<PackItem[]> {
  const entry = (name: string) => header.entries.get(name)!;
  const read = (e: SafeEntry, start: number, end: number) => blobs.range(key, e.begin + start, e.begin + end);
  const n = entry('x').shape[0]!;
  if (from < 0 || to > n || from > to) throw new RangeError(`This part has no items ${from} to ${to}.`);
  if (from === to) return [];
  const first = Math.max(0, from - 1);
  const marks = tensorView(await read(entry('itemEnds'), first * 4, to * 4), 'int32') as Int32Array;
  const start = from === 0 ? 0 : marks[0]!;
  const text = (await read(entry('items'), start, marks.at(-1)!)).toString('utf8');
  return text
    .split('\n')
    .slice(0, to - from)
    .map((line) => JSON.parse(line) as PackItem);
}
