import path from 'node:path';
import type { Env } from '../../src/env.ts';
import { ROOT, run } from './run.ts';

/**
 * Applies missing migrations to `environment.DATABASE_URL` and creates the administrator that the variables name.
 * Returns the one-time token of the set-up link, or null when there is an administrator.
 */
export async function prepareDatabase(environment: NodeJS.ProcessEnv, wanted: Env): Promise<string | null> {
  await run(process.execPath, [path.join(ROOT, 'scripts/migrate.ts'), 'deploy'], { env: environment });
  // Not imported above: on a fresh clone the database client is generated only shortly before.
  const { openDb } = await import('../../src/db/client.ts');
  const { createAdminFromEnv } = await import('../../src/server/setup/create-admin.ts');
  const { ensureSetupLink } = await import('../../src/server/setup/ensure-setup-link.ts');
  const db = openDb(environment.DATABASE_URL ?? '', 2);
  try {
    await createAdminFromEnv(db, wanted);
    return await ensureSetupLink(db);
  } finally {
    await db.close();
  }
}
