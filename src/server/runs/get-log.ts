import { z } from 'zod';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

export const getLogInput = z.strictObject({
  runId: z.string(),
  /** id of the last line that the caller has; without it the answer ends with the newest line */
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the id of a line')
    .nullish(),
  limit: z.int().min(1).max(1_000).default(200),
});
export type GetLogInput = z.input<typeof getLogInput>;

/** Lines in the order in which they were written. */
export async function getLog(db: Db, actor: Actor, raw: GetLogInput) {
  const input = getLogInput.parse(raw);
  const { runId } = await requireRun(db, actor, input.runId, 'read');
  const lines = await db.prisma.runLog.findMany({
    where: { runId, ...(input.after ? { id: { gt: BigInt(input.after) } } : {}) },
    orderBy: { id: input.after ? 'asc' : 'desc' },
    take: input.limit,
    select: { id: true, at: true, level: true, attempt: true, message: true },
  });
  if (!input.after) lines.reverse();
  return lines.map((line) => ({ ...line, id: String(line.id) }));
}
