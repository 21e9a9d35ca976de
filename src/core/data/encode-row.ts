import type { ColumnEncoding } from './dataset-schema.ts';
import { naturalOrder } from './natural-order.ts';

/** Feature encoding of tables. A raw row is float64 [columns]: a number, or the index of a category; NaN is missing. */

export interface FeatureColumn {
  name: string;
  type: 'numeric' | 'categorical';
  /** index -> category, for categorical columns */
  categories: readonly string[];
}

/** Running mean and variance of one column (Welford 1962): one pass, stable for large offsets. */
interface Moments {
  n: number;
  mean: number;
  m2: number;
  missing: boolean;
}

/** Learns the encoding from the train part's rows, given one by one; test and validation never reach it. */
export class EncodingFit {
  readonly #columns: readonly FeatureColumn[];
  readonly #moments: Moments[];
  readonly #seen: Set<number>[];

  constructor(columns: readonly FeatureColumn[]) {
    this.#columns = columns;
    this.#moments = columns.map(() => ({ n: 0, mean: 0, m2: 0, missing: false }));
    this.#seen = columns.map(() => new Set());
  }

  add(row: Float64Array): void {
    for (let c = 0; c < this.#columns.length; c++) {
      const value = row[c]!;
      const moments = this.#moments[c]!;
      if (Number.isNaN(value)) moments.missing = true;
      else if (this.#columns[c]!.type === 'categorical') this.#seen[c]!.add(value);
      else {
        moments.n++;
        const delta = value - moments.mean;
        moments.mean += delta / moments.n;
        moments.m2 += delta * (value - moments.mean);
      }
    }
  }

  columns(): ColumnEncoding[] {
    return this.#columns.map((column, c) => {
      const { n, mean, m2, missing } = this.#moments[c]!;
      if (column.type === 'categorical') {
        const categories = column.categories.filter((_, i) => this.#seen[c]!.has(i)).sort(naturalOrder);
        return { name: column.name, type: 'categorical', categories };
      }
      return { name: column.name, type: 'numeric', mean, std: Math.sqrt(m2 / Math.max(1, n)) || 1, missing };
    });
  }
}

/** Numbers that one row takes, features: D. */
export function featureCount(columns: readonly ColumnEncoding[]): number {
  return columns.reduce((sum, c) => sum + (c.type === 'categorical' ? c.categories.length : c.missing ? 2 : 1), 0);
}

/** What each of those numbers is, in their order: "age", "age is missing", "colour = red". */
export function featureNames(columns: readonly ColumnEncoding[]): string[] {
  return columns.flatMap((c) => {
    if (c.type === 'categorical') return c.categories.map((category) => `${c.name} = ${category}`);
    return c.missing ? [c.name, `${c.name} is missing`] : [c.name];
  });
}

/**
 * Writes row -> float32 [D]: numeric (x - mean) / std, missing as 0 and then 1 in the next place where the train part
 * had missing values; categories one-hot, unknown or missing as zeros.
 * @param names the categories that the raw row's indices mean, per column
 */
export function rowEncoder(columns: readonly ColumnEncoding[], raw: readonly FeatureColumn[]) {
  const places = columns.map((c, i) =>
    c.type === 'categorical' ? raw[i]!.categories.map((name) => c.categories.indexOf(name)) : [],
  );
  return (row: Float64Array, out: Float32Array): void => {
    out.fill(0);
    let at = 0;
    columns.forEach((column, c) => {
      const value = row[c]!;
      if (column.type === 'categorical') {
        const place = Number.isNaN(value) ? -1 : places[c]![value]!;
        if (place >= 0) out[at + place] = 1;
        at += column.categories.length;
      } else {
        if (!Number.isNaN(value)) out[at] = (value - column.mean) / column.std;
        else if (column.missing) out[at + 1] = 1;
        at += column.missing ? 2 : 1;
      }
    });
  };
}
