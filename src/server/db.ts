import { type Db, openDb } from '#db/client.ts';
import { env } from '#env';

const kept = globalThis as { holdoutDb?: Db };

/** The web process's one pool; kept on globalThis because development reloads modules. */
export function db(): Db {
  kept.holdoutDb ??= openDb(env().DATABASE_URL);
  return kept.holdoutDb;
}
