/** The known word that a misspelt one is likely meant to be; null where none is near. Capitals and _ or - don't count: "batch_size" is batchSize. */
export function nearest(word: string, known: readonly string[]): string | null {
  const typed = plain(word);
  // A slip in every third letter: more of them make another word. One of two letters is another word with any slip.
  let least = Math.floor(typed.length / 3) + 1;
  let found: string | null = null;
  for (const each of known) {
    const distance = slips(typed, plain(each));
    if (distance >= least) continue;
    least = distance;
    found = each;
  }
  return found;
}

/** Without capitals, _ and -. */
export function plain(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}

/** Letters that lack, are too many, wrong, or swapped with their neighbour (optimal string alignment). O(letters of a * letters of b). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const wrong = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : wrong;
      row.push(Math.min(wrong, swapped, last[j]! + 1, row[j - 1]! + 1));
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
