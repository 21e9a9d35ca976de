/**
 * At most four points a bucket (first, lowest, highest, last), so that a line drawn over `buckets` pixel columns looks the same as one through all points
 * (M4, Jugel et al. 2014, VLDB 7(10)). Returns the kept indices in order; all of them when there are few. Not-finite values are left out. O(n).
 */
export function bucketIndices(x: readonly number[], y: readonly number[], buckets: number): number[] {
  const finite: number[] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(y[i])) finite.push(i);
  if (finite.length <= 4 * buckets) return finite;
  const from = x[finite[0]!]!;
  const width = (x[finite.at(-1)!]! - from) / buckets || 1;
  const kept: number[] = [];
  let i = 0;
  while (i < finite.length) {
    const bucket = Math.min(buckets - 1, Math.floor((x[finite[i]!]! - from) / width));
    const first = finite[i]!;
    let last = first;
    let low = first;
    let high = first;
    while (i < finite.length && Math.min(buckets - 1, Math.floor((x[finite[i]!]! - from) / width)) === bucket) {
      last = finite[i]!;
      if (y[last]! < y[low]!) low = last;
      if (y[last]! > y[high]!) high = last;
      i++;
    }
    kept.push(...[...new Set([first, low, high, last])].sort((a, b) => a - b));
  }
  return kept;
}

export interface Line {
  x: readonly number[];
  y: readonly number[];
}

/**
 * Lines with positions of their own on one common axis, as uPlot wants them: the sorted union of all x, and a row a line with null where it has no point.
 * O(total log total + lines x union).
 */
export function alignLines(lines: readonly Line[]): { x: number[]; rows: (number | null)[][] } {
  const x = [...new Set(lines.flatMap((line) => line.x as number[]))].sort((a, b) => a - b);
  const at = new Map(x.map((value, i) => [value, i]));
  const rows = lines.map((line) => {
    const row = new Array<number | null>(x.length).fill(null);
    line.x.forEach((value, i) => {
      row[at.get(value)!] = line.y[i]!;
    });
    return row;
  });
  return { x, rows };
}
