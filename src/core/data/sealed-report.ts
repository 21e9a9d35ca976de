import type { ProblemList, ReportSource } from './report.ts';
import type { Part } from './split.ts';

/** What the data page shows once the test part is sealed. Everything here is of train and validation alone. */

export type OpenPart = Exclude<Part, 'test'>;
export const OPEN_PARTS = ['train', 'validation'] as const satisfies readonly OpenPart[];
export type PerPart<T> = Record<OpenPart, T>;

export interface ClassShare {
  name: string;
  train: number;
  validation: number;
}

export type ColumnSummary = {
  name: string;
  role: 'feature' | 'target';
  missing: PerPart<number>;
} & (
  | {
      type: 'numeric';
      min: number;
      max: number;
      mean: number;
      /** counts in at most BINS bins of equal width from min to max; whole numbers with few values have one each */
      bins: PerPart<number[]>;
    }
  | { type: 'categorical'; values: { value: string; train: number; validation: number }[] }
);

/** Items with equal inputs that lie in one open part. */
export interface DuplicateGroup {
  part: OpenPart;
  /** places in the part, for thumbnails and rows */
  items: number[];
  names: string[];
  labels: string[];
}

export interface SealedReport {
  source: ReportSource;
  /** left out before the split, so they lie in no part */
  dropped: ProblemList;
  duplicates: { groups: number; items: number; conflicts: number; first: DuplicateGroup[] };
  classes: ClassShare[] | null;
  columns: ColumnSummary[];
  /** columns without a summary, where there are very many */
  moreColumns: number;
}

export const MAX_SUMMARIES = 200;
export const BINS = 24;

/** One line of a pack's `items` tensor: what browsing shows beside the pixels. */
export interface PackItem {
  name: string;
  label?: string;
  targets?: (number | null)[];
  /** raw feature values in the order of the schema's columns */
  values?: (number | string | null)[];
}
