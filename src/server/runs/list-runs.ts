import { z } from 'zod';
import { RUN_STATES } from '#core/run/lifecycle.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type RunView, runSelect, runView } from './run-view.ts';

export const listRunsInput = z.strictObject({
  projectId: z.string(),
  /** nextCursor of the page before */
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the nextCursor of a page')
    .nullish(),
  limit: z.int().min(1).max(500).default(100),
  states: z.array(z.enum(RUN_STATES)).optional(),
  /** part of the name, any case, or a number such as 12 or r-0012 */
  search: z.string().trim().max(80).optional(),
});
export type ListRunsInput = z.input<typeof listRunsInput>;

/** Newest first. */
export async function listRuns(
  db: Db,
  actor: Actor,
  raw: ListRunsInput,
): Promise<{ items: RunView[]; nextCursor: string | null }> {
  const input = listRunsInput.parse(raw);
  const { projectId } = await requireProject(db, actor, input.projectId, 'read');
  const number = input.search?.match(/^(?:r-)?0*(\d{1,9})$/i)?.[1];
  const rows = await db.prisma.run.findMany({
    where: {
      projectId,
      ...(input.cursor ? { number: { lt: Number(input.cursor) } } : {}),
      ...(input.states ? { state: { in: input.states } } : {}),
      ...(input.search
        ? {
            OR: [
              { name: { contains: input.search, mode: 'insensitive' as const } },
              ...(number ? [{ number: Number(number) }] : []),
            ],
          }
        : {}),
    },
    orderBy: { number: 'desc' },
    take: input.limit + 1,
    select: runSelect,
  });
  const items = rows.slice(0, input.limit).map((row) => runView(row));
  return { items, nextCursor: rows.length > input.limit ? String(items.at(-1)!.number) : null };
}
