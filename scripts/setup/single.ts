import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Env, parseEnv } from '../../src/env.ts';
import { provideTensorFlow } from '../tensorflow/provide.ts';
import { buildPages, generateClient } from './prepare.ts';
import { prepareDatabase } from './prepare-database.ts';
import { bin } from './run.ts';

/**
 * One process by itself, in this process, as production runs them. Without DATABASE_URL it joins the Postgres of the
 * `npm start` that runs on the same data folder.
 */
async function prepareSingle(): Promise<Env> {
  if (!process.env.DATABASE_URL) {
    const { HOLDOUT_DATA } = parseEnv({ ...process.env, DATABASE_URL: 'postgresql://127.0.0.1/holdout' });
    const running = path.join(HOLDOUT_DATA, 'run/database-url');
    if (!existsSync(running)) {
      throw new Error(
        `Set DATABASE_URL to the server's Postgres, or HOLDOUT_DATA to the data folder of a running npm start (now ${HOLDOUT_DATA}).`,
      );
    }
    process.env.DATABASE_URL = readFileSync(running, 'utf8').trim();
  }
  Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV ?? 'production' });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await generateClient();
  return parseEnv(process.env);
}

/** `npm run trainer` and `npm run referee` */
export async function runWorker(name: 'trainer' | 'referee'): Promise<void> {
  await prepareSingle();
  const provided = await provideTensorFlow();
  if ('folder' in provided) process.env.HOLDOUT_TENSORFLOW = provided.folder;
  await import(`../../src/${name}/main.ts`);
}

/** `npm run web`: applies migrations, then serves. */
export async function runWeb(): Promise<void> {
  const wanted = await prepareSingle();
  if (!wanted.HOLDOUT_SECRET) {
    throw new Error(
      'HOLDOUT_SECRET: must be set, to 32 random characters or more, such as the output of: openssl rand -hex 32',
    );
  }
  await buildPages();
  const token = await prepareDatabase(process.env, wanted);
  if (token) console.log(`Create the administrator, once: ${wanted.baseUrl}/setup?token=${token}`);
  const next = bin('next/dist/bin/next');
  process.argv.splice(1, process.argv.length, next, 'start', '-p', String(wanted.PORT), '-H', wanted.HOST);
  await import(next);
}
