import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, postgresUrl, type RunningPostgres, startPostgres } from '../../src/db/postgres/start.ts';
import { openLog, removePid, writePid } from './child.ts';
import type { DataFolder } from './data-folder.ts';

export interface Database {
  /** where it answers once it is ready */
  url: string;
  /** rejects with Postgres's own words when it does not start */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** A Postgres of one's own in the data folder, started again on the same port when it dies. */
export async function keepPostgres(data: DataFolder, onEnd: (text: string) => void): Promise<Database> {
  const { file: log } = openLog(data, 'postgres');
  const password = data.key('postgres');
  const port = await freePort();
  const url = postgresUrl({ password, port });
  const start = () => startPostgres({ dir: data.postgres, port, password, log });
  let current: RunningPostgres | undefined;
  let stopping = false;

  async function watch() {
    for (let failures = 0; !stopping; ) {
      try {
        current ??= await start();
        failures = 0;
        writePid(data, 'postgres', current.pid);
        await current.exited;
        removePid(data, 'postgres');
        if (!stopping) onEnd(`Postgres ended; starting it again. See ${log}`);
      } catch (error) {
        onEnd((error as Error).message);
        await delay(Math.min(30_000, 500 * 2 ** failures++));
      }
      current = undefined;
    }
  }

  // So that `npm run trainer` and tests find the database of a running start.
  const urlFile = path.join(data.run, 'database-url');
  writeFileSync(urlFile, url, { mode: 0o600 });
  const ready = start().then((first) => {
    current = first;
    void watch();
  });
  return {
    url,
    ready,
    async stop() {
      stopping = true;
      rmSync(urlFile, { force: true });
      await ready.catch(() => {});
      await current?.stop();
    },
  };
}
