import { z } from 'zod';
import type { ErrorItem } from '#core/errors.ts';

const carried = z.object({
  data: z.object({
    app: z.object({ code: z.string(), items: z.array(z.object({ path: z.string(), message: z.string() })) }).nullish(),
  }),
});

/** Words and items of any error; a lost connection gets a sentence of its own. */
export function describeError(error: unknown): { message: string; items: ErrorItem[]; code: string | null } {
  const app = carried.safeParse(error).data?.data.app;
  const message = error instanceof Error ? error.message : String(error);
  const offline = error instanceof Error && /failed to fetch|networkerror|load failed/i.test(message);
  return {
    message: offline ? 'The server did not answer. Check the connection and try again.' : message,
    items: app?.items ?? [],
    code: app?.code ?? null,
  };
}
