import type { OpeningState } from '#db/generated/enums.ts';

/** Where a project's test part stands: none yet, sealed, committed to a run, opened. */
export type Lock = 'none' | 'sealed' | 'committed' | 'opened';

/** What a query must select for lockOf. */
export const lockSelect = {
  opening: { select: { state: true } },
  datasets: { where: { state: 'sealed' }, select: { id: true }, take: 1 },
} as const;

export function lockOf(project: { opening: { state: OpeningState } | null; datasets: readonly unknown[] }): Lock {
  return project.opening?.state ?? (project.datasets.length > 0 ? 'sealed' : 'none');
}
