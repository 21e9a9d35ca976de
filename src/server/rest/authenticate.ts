import { AppError } from '#core/errors.ts';
import type { Actor } from '../actor.ts';

const SAFE = new Set(['GET', 'HEAD']);

export interface Resolvers {
  /** the actor of a token; null where it is unknown, expired or revoked */
  token(token: string): Promise<Actor | null>;
  /** the actor of the session cookie; null where there is none */
  session(headers: Headers): Promise<Actor | null>;
}

/**
 * A bearer token, or the session cookie of a page of our own: another site's page must not change anything with it.
 * @throws AppError unauthenticated, forbidden
 */
export async function authenticate(request: Request, resolve: Resolvers): Promise<Actor | null> {
  const header = request.headers.get('authorization');
  if (header !== null) {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const actor = token === undefined ? null : await resolve.token(token);
    if (actor) return actor;
    throw new AppError(
      'unauthenticated',
      'This token is not valid: unknown, expired or revoked. Make a new one under Account, API tokens.',
    );
  }
  const actor = await resolve.session(request.headers);
  if (actor && !SAFE.has(request.method) && !isSameOrigin(request)) {
    throw new AppError('forbidden', 'A session changes things only from pages of this server. Scripts use a token.');
  }
  return actor;
}

/** Sec-Fetch-Site cannot be set by a page's script; browsers without it send Origin with every unsafe request. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host');
}
