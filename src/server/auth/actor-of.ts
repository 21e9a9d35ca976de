import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';
import { resolveSession } from '../sessions/resolve-session.ts';
import { resolveToken } from '../tokens/resolve-token.ts';
import { sessionIdOf } from './cookie.ts';

/**
 * Who sends this request. An Authorization header decides alone: a bad token never falls back to the cookie,
 * so a script finds out that its token has ended.
 */
export async function actorOf(db: Db, headers: Headers): Promise<Actor | null> {
  const bearer = headers.get('authorization')?.match(/^Bearer\s+(\S+)$/i)?.[1];
  if (bearer !== undefined) return resolveToken(db, bearer);
  if (headers.has('authorization')) return null;
  const sessionId = await sessionIdOf(headers);
  return sessionId === null ? null : resolveSession(db, sessionId);
}
