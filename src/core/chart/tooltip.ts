import { nearest } from './series.ts';

export interface TooltipLine {
  key: string;
  /** rising */
  x: readonly number[];
  /** what is drawn: smoothed */
  drawn: readonly number[];
  values: readonly number[];
}

export interface TooltipRow {
  key: string;
  /** position of the point that is shown */
  x: number;
  index: number;
  drawn: number;
  value: number;
  /** the line ended before the cursor; its last point is shown */
  ended: boolean;
  /** the line nearest to the cursor vertically */
  near: boolean;
}

/**
 * The rows of a tooltip at horizontal position `x`, highest first. A line that begins after `x` has none; one that ended before shows its last point.
 * `y` is the cursor's height in the axis's unit, to mark the nearest line. O(lines x log points).
 */
export function tooltipRows(lines: readonly TooltipLine[], x: number, y: number | null, log = false): TooltipRow[] {
  const rows: TooltipRow[] = [];
  for (const line of lines) {
    const index = nearest(line.x, x);
    if (index < 0) continue;
    if (index === 0 && x < line.x[0]! && line.x.length > 1 && line.x[0]! - x > line.x[1]! - line.x[0]!) continue;
    const last = line.x.length - 1;
    const gap = last > 0 ? line.x[last]! - line.x[last - 1]! : 0;
    rows.push({
      key: line.key,
      x: line.x[index]!,
      index,
      drawn: line.drawn[index]!,
      value: line.values[index]!,
      ended: index === last && x > line.x[last]! + gap,
      near: false,
    });
  }
  const height = (v: number) => (log ? Math.log(v) : v);
  if (y !== null) {
    let best: TooltipRow | null = null;
    for (const row of rows) {
      const far = Math.abs(height(row.drawn) - height(y));
      if (Number.isFinite(far) && (!best || far < Math.abs(height(best.drawn) - height(y)))) best = row;
    }
    if (best) best.near = true;
  }
  return rows.sort((a, b) => order(b.drawn) - order(a.drawn));
}

/** At most `most` of the rows, those around the nearest line: the line that is pointed at is always among them. */
export function rowsAround(rows: readonly TooltipRow[], most: number): TooltipRow[] {
  const near = rows.findIndex((row) => row.near);
  const from = Math.max(0, Math.min(near - Math.floor(most / 2), rows.length - most));
  return rows.slice(from, from + most);
}

/** Not a number sorts last. */
function order(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

const EDGE = 8;
/** Pixels between a tooltip and the cursor. */
export const TOOLTIP_AWAY = 14;

/**
 * By how many pixels a tooltip at the right of the cursor, or flipped to its left, must move to be in the window: to the
 * other side of the cursor where it leaves at the right; up until its last row is in, its head first.
 */
export function shiftIntoWindow(
  { top, bottom, right, width }: Pick<DOMRect, 'top' | 'bottom' | 'right' | 'width'>,
  window: { innerWidth: number; innerHeight: number },
): { x: number; y: number } {
  return {
    x: right > window.innerWidth - EDGE ? -(width + 2 * TOOLTIP_AWAY) : 0,
    y: Math.min(0, Math.max(window.innerHeight - EDGE - bottom, EDGE - top)),
  };
}
