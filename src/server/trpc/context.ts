import { actorOf } from '../auth/actor-of.ts';
import { db } from '../db.ts';
import type { Context } from './init.ts';

/** Needs only headers, so that route handlers and server components make the same context. */
export async function createContext(headers: Headers): Promise<Context> {
  return { db: db(), actor: await actorOf(db(), headers), headers };
}
