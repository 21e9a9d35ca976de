import { z } from 'zod';
import { runName } from '#core/run/name.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

export const renameRunInput = z.strictObject({ runId: z.string(), name: runName });

export async function renameRun(db: Db, actor: Actor, input: z.infer<typeof renameRunInput>): Promise<void> {
  const { runId, projectId } = await requireRun(db, actor, input.runId, 'run');
  await db.prisma.run.update({ where: { id: runId }, data: { name: input.name } });
  await notify(db.pool, { topic: 'run', id: runId, projectId });
}
