import { isMissing, parseNumber } from '#core/data/column-typing.ts';
import { type Point, parsePixels, squareSide } from '#core/data/keypoint-columns.ts';

/** Rows of a keypoints table, the same for inspection and for the split. */

export interface TargetColumn {
  name: string;
  at: number;
}

/** The coordinates' columns in the order of the header, which is the order of the targets. */
export function targetColumns(header: readonly string[], points: readonly Point[]): TargetColumn[] {
  const wanted = new Set(points.flatMap((p) => [p.x, p.y]));
  return header.flatMap((name, at) => (wanted.has(name) ? [{ name, at }] : []));
}

/** What a row holds, or why it can't be used. `side` null: not known yet. */
export function readKeypointRow(
  cells: readonly string[],
  columns: readonly TargetColumn[],
  pixelAt: number,
  side: number | null,
  decimalComma: boolean,
): { pixels: Uint8Array; targets: Float64Array } | string {
  const pixels = parsePixels(cells[pixelAt]!);
  if (typeof pixels === 'string') return pixels;
  const own = squareSide(pixels.length);
  if (own === null) return `has ${pixels.length} grey values, which make no square image`;
  if (side !== null && own !== side) return `has an image of ${own} × ${own}; the first rows have ${side} × ${side}`;
  const targets = new Float64Array(columns.length);
  for (const [t, { name, at }] of columns.entries()) {
    const value = isMissing(cells[at]!) ? Number.NaN : parseNumber(cells[at]!, decimalComma);
    if (value === null) return `${name} is "${cells[at]!.trim().slice(0, 60)}", not a number`;
    targets[t] = value;
  }
  if (targets.every(Number.isNaN)) return 'has no coordinates at all';
  return { pixels, targets };
}
