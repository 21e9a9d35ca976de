import type { Db } from '#db/client.ts';
import { requireProject, requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { comparisonSelect, comparisonView } from './get-comparison.ts';

/** As many as a page lists. */
const NEWEST = 100;

/** The comparisons of a project, newest first. */
export async function listComparisons(db: Db, actor: Actor, id: string) {
  const { projectId } = await requireProject(db, actor, id, 'read');
  return list(db, { projectId });
}

/** Those that a run started or is part of. */
export async function listComparisonsOfRun(db: Db, actor: Actor, id: string) {
  const { runId } = await requireRun(db, actor, id, 'read');
  return list(db, { OR: [{ baseId: runId }, { members: { some: { runId } } }] });
}

async function list(db: Db, where: NonNullable<Parameters<Db['prisma']['comparison']['findMany']>[0]>['where']) {
  const rows = await db.prisma.comparison.findMany({
    where: where!,
    orderBy: { id: 'desc' },
    take: NEWEST,
    select: comparisonSelect,
  });
  return rows.map((row) => {
    const { runs, measures, ...view } = comparisonView(row);
    const { id, kind, remedy, title, createdAt, createdBy, base, done, diverged, sentence } = view;
    return {
      id,
      kind,
      remedy,
      title,
      createdAt,
      createdBy,
      base,
      runs: runs.length,
      done,
      diverged,
      verdict: measures.find((m) => m.id === 'metric')?.verdict ?? null,
      sentence,
    };
  });
}
