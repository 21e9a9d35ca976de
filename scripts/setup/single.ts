import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from '../../src/env.ts';
import { provideTensorFlow } from '../tensorflow/provide.ts';
import { generateClient } from './prepare.ts';

/**
 * `npm run trainer` or `npm run referee`: one process by itself, in this process. Without DATABASE_URL it joins the
 * Postgres of the `npm start` that runs on the same data folder.
 */
export async function runSingle(name: 'trainer' | 'referee'): Promise<void> {
  const { HOLDOUT_DATA } = parseEnv({ DATABASE_URL: 'postgresql://127.0.0.1/holdout', ...process.env });
  const running = path.join(HOLDOUT_DATA, 'run/database-url');
  if (!process.env.DATABASE_URL) {
    if (!existsSync(running)) {
      throw new Error(
        `Set DATABASE_URL to the server's Postgres, or HOLDOUT_DATA to the data folder of a running npm start (now ${HOLDOUT_DATA}).`,
      );
    }
    process.env.DATABASE_URL = readFileSync(running, 'utf8').trim();
  }
  Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV ?? 'production' });
  await generateClient();
  const provided = await provideTensorFlow();
  if ('folder' in provided) process.env.HOLDOUT_TENSORFLOW = provided.folder;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await import(`../../src/${name}/main.ts`);
}
