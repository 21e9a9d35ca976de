import type { FileBlobs } from '#db/blobs/index.ts';

/** What one ingest job works with. */
export interface Job {
  datasetId: string;
  /** as the person named the upload */
  filename: string;
  /** of the upload, on this machine */
  path: string;
  blobs: FileBlobs;
  /** aborted when the lease is lost, the person cancels, or the process ends */
  signal: AbortSignal;
  /** says how far a stage is; cheap, so call it for each item */
  progress(stage: Stage, done: number, total: number | null): void;
  /** before so many items are sorted, which may take longer than the lease */
  holdForSorting(items: number): Promise<void>;
  /** marks a stage as done */
  done(stage: Stage): Promise<void>;
}

export const STAGES = ['uploaded', 'unpacked', 'checked', 'duplicates', 'split', 'sealed'] as const;
export type Stage = (typeof STAGES)[number];
