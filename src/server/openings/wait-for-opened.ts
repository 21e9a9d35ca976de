import type { Db } from '#db/client.ts';
import type { Events } from '#db/events/events.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type OpeningView, readOpening } from './read-opening.ts';

/**
 * Waits until the project's opening is opened, at most `timeoutMs`. @returns it as it stands then, null where nobody committed.
 * @throws AppError not_found
 */
export async function waitForOpened(
  db: Db,
  events: Events,
  actor: Actor,
  input: { projectId: string; timeoutMs: number; signal?: AbortSignal },
): Promise<OpeningView | null> {
  const { projectId } = await requireProject(db, actor, input.projectId, 'read');
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async () => {
    const opening = await readOpening(db, projectId);
    if (opening?.state !== 'committed') resolve();
  };
  let failure: unknown;
  const check = () =>
    look().catch((error: unknown) => {
      failure = error;
      resolve();
    });
  const stop = events.subscribe({ topics: ['opening'], projectId }, check);
  const timer = setTimeout(resolve, input.timeoutMs);
  input.signal?.addEventListener('abort', () => resolve(), { once: true });
  try {
    await check();
    await promise;
    if (failure) throw failure;
  } finally {
    clearTimeout(timer);
    stop();
  }
  return readOpening(db, projectId);
}
