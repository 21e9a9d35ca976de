import { serveJobs } from './serve-jobs.ts';

/** Each loads only what it needs: half of the time of a small job is loading. */
const JOBS = {
  drawPreview: async () => (await import('../augmentation/draw-preview.ts')).drawPreview,
  encodeCheckpoint: async () => (await import('../checkpoints/encode-checkpoint.ts')).encodeCheckpoint,
  convertModel: async () => (await import('../transfer/convert-model.ts')).convertModel,
};
export type Jobs = typeof JOBS;

serveJobs(JOBS);
