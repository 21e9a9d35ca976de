/** Columns of a keypoints table: x and y of each point, and one column of grey values. */

export interface Point {
  name: string;
  x: string;
  y: string;
}

const NAMED = /^(.+?)[_\s.-]?([xy])$/i;
const NUMBERED = /^([xy])[_\s.-]?(\d+)$/i;

/** Pairs such as nose_tip_x and nose_tip_y, or x1 and y1, in the order of the header. */
export function pointColumns(header: readonly string[]): Point[] {
  const found = new Map<string, { x?: string; y?: string }>();
  for (const column of header) {
    const named = NAMED.exec(column);
    const numbered = NUMBERED.exec(column);
    const [name, axis] = numbered ? [numbered[2]!, numbered[1]!] : named ? [named[1]!, named[2]!] : [];
    if (!name || !axis) continue;
    const pair = found.get(name) ?? {};
    pair[axis.toLowerCase() as 'x' | 'y'] = column;
    found.set(name, pair);
  }
  return [...found].flatMap(([name, { x, y }]) => (x && y ? [{ name, x, y }] : []));
}

/** Fewer values in one cell are no image. */
const MIN_PIXELS = 16;

/** Whether a cell holds grey values 0 to 255 between spaces. */
export function looksLikePixels(cell: string): boolean {
  return cell.length >= MIN_PIXELS * 2 - 1 && /^\s*\d{1,3}(\s+\d{1,3}){15,}\s*$/.test(cell);
}

/** Grey values of one cell, or what is wrong with them. O(length). */
export function parsePixels(cell: string): Uint8Array | string {
  const out: number[] = [];
  let value = -1;
  for (let i = 0; i <= cell.length; i++) {
    const code = i < cell.length ? cell.charCodeAt(i) : 32;
    if (code >= 48 && code <= 57) {
      value = (value < 0 ? 0 : value * 10) + code - 48;
      if (value > 255) return `grey value ${out.length + 1} is above 255`;
    } else if (code === 32 || code === 9) {
      if (value >= 0) out.push(value);
      value = -1;
    } else return `"${cell[i]}" among the grey values`;
  }
  return Uint8Array.from(out);
}

/** Side of a square of `count` pixels, or null. */
export function squareSide(count: number): number | null {
  const side = Math.round(Math.sqrt(count));
  return side * side === count && side > 0 ? side : null;
}
