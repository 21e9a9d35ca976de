import { LeaseLostError } from '#db/runs/queue.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2_000;

/** Postgres went away, restarts, ended the connection or chose this transaction to break a deadlock: the same may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && /^(08|40|57P|53|ECONN|EPIPE|ETIMEDOUT|ENOENT|EHOST)/.test(code)) ||
    (typeof message === 'string' && /Connection terminated|connection timeout|Client has encountered/i.test(message))
  );
}

/** Does `work` until Postgres answers; other errors are thrown on. The lease decides whether what comes late still counts. */
export async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LeaseLostError || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
