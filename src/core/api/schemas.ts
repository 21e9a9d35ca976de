/** What goes over the wire below /api/v1: the server shapes its answers by these, the CLI reads them by the same. */

export * from './augmentation.ts';
export { pageOf } from './basics.ts';
export * from './comparisons.ts';
export * from './final.ts';
export * from './projects.ts';
export * from './reports.ts';
export * from './runs.ts';
export * from './trainers.ts';
