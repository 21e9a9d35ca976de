import type { ErrorItem } from '../errors.ts';
import type { ColumnReport } from './column-typing.ts';
import type { DatasetKind } from './dataset-schema.ts';

/** What inspection found, for the person who decides. It lives until the test part is sealed, then it is deleted. */

/** Places that can't be used: all of them counted, the first ones listed. */
export interface ProblemList {
  total: number;
  first: ErrorItem[];
}
export const MAX_PROBLEMS = 200;

export interface Proposal {
  kind: DatasetKind;
  reasons: string[];
}

export interface ReportSource {
  format: 'zip' | 'csv';
  bytes: number;
  /** files taken and left out (system files, other formats) of an archive */
  files: number;
  ignored: number;
  /** the table, where the labels or all of the data come from one */
  table: string | null;
}

/** Items with equal inputs. */
export interface DuplicateReport {
  groups: number;
  items: number;
  /** groups whose items carry different labels */
  conflicts: number;
  first: { names: string[]; labels: string[] }[];
}

export interface ClassCount {
  name: string;
  count: number;
}

/** One way to read the classes of images: a folder level or a column of the labels' table. */
export interface Labeling {
  /** folder:<level> or column:<name> */
  id: string;
  title: string;
  /** null where there are more than a classification can have */
  classes: ClassCount[] | null;
  unlabelled: ProblemList;
}

export interface ImageContent {
  type: 'images';
  items: number;
  labelings: Labeling[];
  /** most frequent first */
  sizes: { height: number; width: number; count: number }[];
  /** images by how they are stored; alpha counts those with a pixel that is not opaque */
  channels: { grey: number; colour: number; alpha: number };
  /** PNG data URLs */
  samples: { name: string; labels: Record<string, string>; png: string }[];
}

export interface KeypointContent {
  type: 'keypoints';
  items: number;
  pixelColumn: string;
  side: number;
  points: string[];
  targets: { name: string; missing: number; min: number; max: number }[];
  /** rows where at least one target is missing */
  incomplete: number;
  unused: string[];
  samples: { name: string; targets: (number | null)[]; png: string }[];
}

export interface TableContent {
  type: 'table';
  items: number;
  columns: ColumnReport[];
  /** column to predict */
  target: string;
  preview: { line: number; cells: string[] }[];
}

export interface Report {
  source: ReportSource;
  /** the best first */
  proposals: Proposal[];
  problems: ProblemList;
  duplicates: DuplicateReport;
  content: ImageContent | KeypointContent | TableContent;
}

export function emptyProblems(): ProblemList {
  return { total: 0, first: [] };
}

export function addProblem(list: ProblemList, path: string, message: string): void {
  list.total++;
  if (list.first.length < MAX_PROBLEMS) list.first.push({ path, message });
}
