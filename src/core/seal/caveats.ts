import type { SourceOverlap } from '../transfer/overlap.ts';

/** What an instructor must know beside a score before it becomes a grade, each in a few words. */
export function caveats(
  earlierOpenings: number,
  overlaps: readonly Pick<SourceOverlap, 'testItems'>[],
  testItems: number,
): string[] {
  const words: string[] = [];
  if (earlierOpenings > 0)
    words.push(`the same test part was opened ${earlierOpenings === 1 ? 'once' : `${earlierOpenings} times`} before`);
  // Of several data sets the items may be the same ones: the largest number is certain.
  const learned = Math.max(0, ...overlaps.map((overlap) => overlap.testItems ?? 0));
  if (learned > 0)
    words.push(
      `${learned} of ${testItems} test items ${learned === 1 ? 'is' : 'are'} in data that its weights began with`,
    );
  return words;
}
