/** Column types of a table, guessed from one pass over its cells; a person confirms them. */

export const COLUMN_TYPES = ['numeric', 'categorical', 'ignored'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** What R, pandas and UCI files write for "no value". */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '#n/a']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;
/** More distinct values than this are not counted one by one, and can't be categories or classes. */
export const MAX_CATEGORIES = 1000;
/** Fewer in very wide tables, whose columns together would otherwise take gigabytes: a million values, some 100 MB. */
export function categoryLimit(columns: number): number {
  return Math.max(100, Math.min(MAX_CATEGORIES, Math.floor(1_000_000 / columns)));
}
const EXAMPLES = 20;

export const isMissing = (cell: string): boolean => MISSING.has(cell.trim().toLowerCase());

/** A finite number, or null. "1,5" counts only where the table separates its columns by something else. */
export function parseNumber(cell: string, decimalComma = false): number | null {
  const text = cell.trim();
  const dotted = decimalComma && DECIMAL_COMMA.test(text) ? text.replace(',', '.') : text;
  if (!NUMBER.test(dotted)) return null;
  const value = Number(dotted);
  return Number.isFinite(value) ? value : null;
}

/** One spelling for each value: "1", "1.0" and "+1" are one category. */
export function categoryOf(cell: string, decimalComma = false): string {
  const number = parseNumber(cell, decimalComma);
  return number === null ? cell.trim() : String(number);
}

/** Counts of one column, filled cell by cell: O(1) a cell, memory bounded by `limit`. */
export interface ColumnScan {
  name: string;
  cells: number;
  missing: number;
  numbers: number;
  integers: number;
  min: number;
  max: number;
  sum: number;
  /** different values that are counted */
  limit: number;
  /** value -> count; null once there are more than `limit` */
  values: Map<string, number> | null;
  /** every number is one more than the one before */
  counting: boolean;
  last: number;
  missingLines: number[];
  notNumbers: { line: number; value: string }[];
}

/** The scans of a table's columns. */
export function startColumns(header: readonly string[]): ColumnScan[] {
  return header.map((name) => startColumn(name, categoryLimit(header.length)));
}

export function startColumn(name: string, limit: number): ColumnScan {
  return {
    name,
    limit,
    cells: 0,
    missing: 0,
    numbers: 0,
    integers: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    values: new Map(),
    counting: true,
    last: Number.NaN,
    missingLines: [],
    notNumbers: [],
  };
}

export function scanCell(scan: ColumnScan, cell: string, line: number, decimalComma: boolean): void {
  scan.cells++;
  if (isMissing(cell)) {
    scan.missing++;
    if (scan.missingLines.length < EXAMPLES) scan.missingLines.push(line);
    return;
  }
  const number = parseNumber(cell, decimalComma);
  if (number === null) {
    if (scan.notNumbers.length < EXAMPLES) scan.notNumbers.push({ line, value: cell.trim().slice(0, 60) });
  } else {
    scan.numbers++;
    if (Number.isInteger(number)) scan.integers++;
    if (number < scan.min) scan.min = number;
    if (number > scan.max) scan.max = number;
    scan.sum += number;
    if (scan.numbers > 1 && number !== scan.last + 1) scan.counting = false;
    scan.last = number;
  }
  if (!scan.values) return;
  const key = number === null ? cell.trim() : String(number);
  scan.values.set(key, (scan.values.get(key) ?? 0) + 1);
  if (scan.values.size > scan.limit) scan.values = null;
}

/** A column as the review page shows it. */
export interface ColumnReport {
  name: string;
  type: ColumnType;
  /** why this type, in words */
  reason: string;
  missing: number;
  missingLines: number[];
  /** of values that are no numbers: how many, and the first ones */
  notNumbers: { total: number; first: { line: number; value: string }[] };
  /** over the numbers; null where there are none */
  range: { min: number; max: number; mean: number; integers: boolean } | null;
  /** distinct values with counts, most frequent first; null where there are more than `categoryLimit` */
  values: { value: string; count: number }[] | null;
}

export function reportColumn(scan: ColumnScan): ColumnReport {
  const present = scan.cells - scan.missing;
  const values = scan.values && [...scan.values].map(([value, count]) => ({ value, count }));
  values?.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return {
    name: scan.name,
    ...proposeType(scan, present),
    missing: scan.missing,
    missingLines: scan.missingLines,
    notNumbers: { total: present - scan.numbers, first: scan.notNumbers },
    range: scan.numbers
      ? { min: scan.min, max: scan.max, mean: scan.sum / scan.numbers, integers: scan.integers === scan.numbers }
      : null,
    values,
  };
}

function proposeType(scan: ColumnScan, present: number): { type: ColumnType; reason: string } {
  const distinct = scan.values?.size ?? Number.POSITIVE_INFINITY;
  if (present === 0) return { type: 'ignored', reason: 'no row has a value' };
  if (distinct === 1 && scan.missing === 0)
    return { type: 'ignored', reason: `always ${[...scan.values!.keys()][0] || 'the same'}` };
  if (scan.numbers === present) {
    const id = scan.counting && scan.missing === 0 && present >= 10 && scan.integers === present;
    return id ? { type: 'ignored', reason: 'counts the rows' } : { type: 'numeric', reason: 'numbers only' };
  }
  if (present >= 20 && scan.numbers >= 0.95 * present)
    return { type: 'numeric', reason: `numbers but for ${present - scan.numbers}` };
  if (distinct <= Math.max(20, present * 0.5)) return { type: 'categorical', reason: `${distinct} different values` };
  return { type: 'ignored', reason: 'nearly every value is different' };
}
