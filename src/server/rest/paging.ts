import { z } from 'zod';
import { AppError } from '#core/errors.ts';

/** The query of every list: `cursor` is what the page before gave as nextCursor. */
export const pageQuery = z.object({
  cursor: z.string().optional().describe('nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The cursor of lists that go by a number. */
export const numberCursor = z
  .string()
  .regex(/^\d{1,9}$/, 'must be the nextCursor of a page')
  .optional();

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/**
 * One page of a list that the use case answers whole, because people have few of these (courses, teams, projects).
 * The cursor names the last item that was seen, so what is added meanwhile shifts nothing.
 */
export function pageOfAll<T extends { id: string }>(all: readonly T[], query: z.output<typeof pageQuery>): Page<T> {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const start = after === null ? 0 : all.findIndex((item) => item.id === after) + 1;
  if (after !== null && start === 0) throw badCursor();
  const items = all.slice(start, start + query.limit);
  const more = start + items.length < all.length;
  return { items, nextCursor: more ? writeCursor(items.at(-1)!.id) : null };
}

function writeCursor(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64url');
}

function readCursor(cursor: string): string {
  const value = Buffer.from(cursor, 'base64url').toString('utf8');
  if (writeCursor(value) !== cursor) throw badCursor();
  return value;
}

function badCursor(): AppError {
  return new AppError('bad_request', 'This cursor is not one that a page gave. Begin again without one.', {
    items: [{ path: '/query/cursor', message: 'must be the nextCursor of a page' }],
  });
}
