export interface Share {
  name: string;
  share: number;
}

/** Less is not worth a word. */
const LEAST = 0.005;

/** What an item under mixup is of two classes or names, the larger share first; of one where both are the same. `share` is that of `own`. */
export function twoShares(share: number, own: string, partner: string): Share[] {
  if (own === partner) return [{ name: own, share: 1 }];
  const both = [
    { name: own, share },
    { name: partner, share: 1 - share },
  ];
  return both.filter((of) => of.share > 0).toSorted((a, b) => b.share - a.share);
}

/** "7", or "83 % 7" and "17 % 1". */
export function shareWords(shares: readonly Share[]): string[] {
  const seen = shares.filter(({ share }) => share >= LEAST);
  return seen.length === 1 ? [seen[0]!.name] : seen.map(({ name, share }) => `${Math.round(100 * share)} % ${name}`);
}
