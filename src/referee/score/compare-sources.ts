import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import { incomparable, type KnownData, type SourceOverlap } from '#core/transfer/overlap.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { itemKeys, type PackFile } from './item-keys.ts';

/** Data that a source of the committed weights learned from. `parts`: null where it is deleted. */
export interface SourceData extends KnownData {
  parts: { schema: DatasetSchema; keys: string[] } | null;
}

/**
 * Counts the items of the opened test part that lie in the train or validation part of each source's data. Equal is what has
 * equal pixels or values; a copy that was cropped or saved anew is another item. Data that is damaged is said to be so: it
 * must not keep the test part from being opened. Memory: a key an item of the test part; O(bytes of all parts).
 */
export async function compareSources(
  blobs: BlobStore,
  test: { file: PackFile; schema: DatasetSchema },
  sources: readonly SourceData[],
): Promise<SourceOverlap[]> {
  if (sources.length === 0) return [];
  const testItems = new Map<string, number>();
  for await (const key of itemKeys(test.file, test.schema, 'The test part'))
    testItems.set(key, (testItems.get(key) ?? 0) + 1);

  const overlaps: SourceOverlap[] = [];
  for (const { parts, contentDigest, splitDigest } of sources) {
    const found = async (): Promise<Pick<SourceOverlap, 'testItems' | 'reason'>> => {
      if (!parts) return { testItems: null, reason: 'it is deleted' };
      const reason = incomparable(test.schema, parts.schema);
      if (reason) return { testItems: null, reason };
      const shared = new Set<string>();
      for (const key of parts.keys) {
        const stat = await blobs.stat(key);
        if (!stat) return { testItems: null, reason: 'it is deleted' };
        const file = { bytes: stat.bytes, range: (start: number, end: number) => blobs.range(key, start, end) };
        for await (const item of itemKeys(file, parts.schema, key)) if (testItems.has(item)) shared.add(item);
      }
      return { testItems: [...shared].reduce((n, key) => n + testItems.get(key)!, 0), reason: null };
    };
    const damaged = (error: unknown) => {
      if (error instanceof AppError) return { testItems: null, reason: 'it is damaged' };
      throw error;
    };
    overlaps.push({ contentDigest, splitDigest, ...(await found().catch(damaged)) });
  }
  return overlaps;
}
