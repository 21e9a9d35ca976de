import { z } from 'zod';

export const time = z.iso.datetime({ offset: true });
export const id = z.string();
export const count = z.int().min(0);
export const anything = z.unknown();
export const numbers = z.record(z.string(), z.number().nullable());
export const named = z.object({ id, name: z.string() });

/** A page of a list, and where the next one begins. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('null on the last page') });
}
