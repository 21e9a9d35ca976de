import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireRun } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import { type Actor, hasScope } from '../actor.ts';

export const shareRunInput = z.strictObject({ runId: z.string(), shared: z.boolean() });

/**
 * Lets every team of the course start from the run's weights, or no longer. What has started from it keeps what it has.
 * Others see its name, layers and validation figures, none of its data.
 * @throws AppError forbidden for who is no instructor of the course
 */
export async function shareRun(
  db: Db,
  actor: Actor,
  { runId, shared }: z.infer<typeof shareRunInput>,
  now = new Date(),
): Promise<{ sharedAt: Date | null }> {
  const access = await requireRun(db, actor, runId, 'read');
  if (access.role !== 'instructor' && !actor.isAdmin)
    throw new AppError('forbidden', 'Only instructors of the course can share a run with it.');
  if (!hasScope(actor, 'run')) throw new AppError('forbidden', 'This token lacks the scope "run".');
  const sharedAt = shared ? now : null;
  const { count } = await db.prisma.run.updateMany({
    where: { id: access.runId, sharedAt: shared ? null : { not: null } },
    data: { sharedAt },
  });
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: { sharedAt: true, number: true, name: true },
  });
  if (count > 0) {
    await recordActivity(db.prisma, {
      projectId: access.projectId,
      userId: actor.userId,
      kind: shared ? 'run.shared' : 'run.unshared',
      detail: { runId: access.runId, number: run.number, name: run.name },
    });
    await notify(db.pool, { topic: 'run', id: access.runId, projectId: access.projectId });
  }
  return { sharedAt: run.sharedAt };
}
