import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import { incomparable, type KnownData, type SourceOverlap } from '#core/transfer/overlap.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { itemKeys, type PackFile } from './item-keys.ts';

/** Data that a source of the committed weights learned from. */
export interface SourceData extends KnownData {
  /** data sets of this content, the one that was learned from first; empty: all are deleted */
  copies: { schema: DatasetSchema; keys: string[] }[];
}

/** Items of the test part by key. Equal ones each count. */
type TestItems = ReadonlyMap<string, number>;
type Found = Pick<SourceOverlap, 'testItems' | 'reason'>;

/**
 * Counts the items of the opened test part that lie in the train or validation part of each source's data. Equal is what has
 * equal pixels or values; a copy that was cropped or saved anew is another item. Data that is gone or damaged is said to be
 * so: it must not keep the test part from being opened. Memory: a key an item of the test part; O(bytes of all parts).
 * @param patient whether a store that can't be read for the moment is thrown, for another try
 */
export async function compareSources(
  blobs: BlobStore,
  test: { file: PackFile; schema: DatasetSchema },
  sources: readonly SourceData[],
  patient: boolean,
): Promise<SourceOverlap[]> {
  if (sources.length === 0) return [];
  const testItems = new Map<string, number>();
  for await (const key of itemKeys(test.file, test.schema, 'The test part'))
    testItems.set(key, (testItems.get(key) ?? 0) + 1);

  const overlaps: SourceOverlap[] = [];
  for (const { copies, contentDigest, splitDigest } of sources) {
    let found: Found = { testItems: null, reason: 'it is deleted' };
    for (const [i, copy] of copies.entries()) {
      const reason = incomparable(test.schema, copy.schema);
      const next = reason ? { testItems: null, reason } : await countIn(blobs, copy, testItems, patient);
      if (i === 0 || next.testItems !== null) found = next;
      if (found.testItems !== null) break;
    }
    overlaps.push({ contentDigest, splitDigest, ...found });
  }
  return overlaps;
}

async function countIn(
  blobs: BlobStore,
  { schema, keys }: SourceData['copies'][number],
  testItems: TestItems,
  patient: boolean,
): Promise<Found> {
  const shared = new Set<string>();
  try {
    for (const key of keys) {
      const stat = await blobs.stat(key);
      if (!stat) return { testItems: null, reason: 'it is deleted' };
      const file = { bytes: stat.bytes, range: (start: number, end: number) => blobs.range(key, start, end) };
      for await (const item of itemKeys(file, schema, key)) if (testItems.has(item)) shared.add(item);
    }
  } catch (error) {
    if (error instanceof AppError) return { testItems: null, reason: 'it is damaged' };
    if (patient) throw error;
    return { testItems: null, reason: 'it could not be read' };
  }
  return { testItems: [...shared].reduce((n, key) => n + testItems.get(key)!, 0), reason: null };
}
