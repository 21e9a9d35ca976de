import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { waitForLock } from './lock.ts';
import { task } from './progress.ts';
import { bin, ROOT, run } from './run.ts';
import { digestOf } from './sources.ts';

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Runs `make` when the digest differs from the one that the last successful run left in `stamp`. */
async function whenChanged(stamp: string, digest: string, make: () => Promise<void>) {
  if (read(stamp) === digest) return;
  const lock = await waitForLock(`make:${stamp}`, () =>
    console.log('Another start is at work in this folder; waiting for it.'),
  );
  try {
    if (read(stamp) === digest) return;
    rmSync(stamp, { force: true });
    await make();
    writeFileSync(stamp, digest);
  } finally {
    lock.release();
  }
}

/** The database client from prisma/schema.prisma. */
export function generateClient(): Promise<void> {
  const digest = digestOf(['prisma/schema.prisma', 'package-lock.json']);
  return whenChanged(path.join(ROOT, 'src/db/generated/.digest'), digest, async () => {
    const progress = task('Generating the database client');
    try {
      // Any existing file will do: without one the generator wants to download an engine that it does not need.
      const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
      await run(process.execPath, [bin('prisma/build/index.js'), 'generate'], { env });
      progress.done();
    } catch (error) {
      progress.fail('failed');
      throw error;
    }
  });
}

/** The pages, in .next. Call after `generateClient`. */
export function buildPages(): Promise<void> {
  const digest = digestOf(
    ['src/**/*', 'prisma/schema.prisma', 'package-lock.json', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json'],
    ['src/**/*.test.*', 'src/db/generated/**', 'src/trainer/**', 'src/referee/**', 'src/engine/**', 'src/cli/**'],
  );
  return whenChanged(path.join(ROOT, '.next/holdout-sources'), digest, async () => {
    const progress = task('Building the pages');
    try {
      const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
      delete env.NEXT_DIST_DIR;
      // Pages are tried out while they are built; none may ask a database then.
      delete env.DATABASE_URL;
      const onOutput = (text: string) => progress.update(text.trim().split('\n').at(-1)?.trim().slice(0, 60) ?? '');
      await run(process.execPath, [bin('next/dist/bin/next'), 'build'], { env, onOutput });
      progress.done();
    } catch (error) {
      progress.fail('failed');
      throw error;
    }
  });
}
