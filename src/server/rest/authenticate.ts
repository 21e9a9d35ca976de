import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';
import { actorOf } from '../auth/actor-of.ts';
import { isSameOrigin } from '../auth/same-origin.ts';

const SAFE = new Set(['GET', 'HEAD']);

/**
 * A bearer token, or the session cookie of a page of our own: another site's page must not change anything with it.
 * @returns null for nobody
 * @throws AppError unauthenticated, forbidden
 */
export async function authenticate(db: Db, request: Request): Promise<Actor | null> {
  const actor = await actorOf(db, request.headers);
  if (!actor && request.headers.has('authorization')) {
    throw new AppError(
      'unauthenticated',
      'This token is not valid: unknown, expired or revoked. Make a new one under Account, API tokens.',
    );
  }
  if (actor?.via.kind === 'session' && !SAFE.has(request.method) && !isSameOrigin(request.headers)) {
    throw new AppError('forbidden', 'A session changes things only from pages of this server. Scripts use a token.');
  }
  return actor;
}
