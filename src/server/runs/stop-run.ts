import type { RunState } from '#core/run/lifecycle.ts';
import type { Db } from '#db/client.ts';
import { STOP_RUN } from '#db/sql/runs.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

/**
 * Asks the trainer to stop (within 2 s, best weights kept). A run that waits, or whose trainer was lost, ends at once,
 * cancelled if it never trained.
 * A run that is over stays as it is. @returns the state now
 */
export async function stopRun(db: Db, actor: Actor, runId: string): Promise<{ id: string; state: RunState }> {
  const access = await requireRun(db, actor, runId, 'run');
  const { rows } = await db.pool.query<{ state: RunState }>(STOP_RUN, [access.runId]);
  if (rows[0]) return { id: access.runId, state: rows[0].state };
  const { state } = await db.prisma.run.findUniqueOrThrow({ where: { id: access.runId }, select: { state: true } });
  return { id: access.runId, state };
}
