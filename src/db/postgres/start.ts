import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';

export interface HostOptions {
  /** the cluster's folder; made when missing */
  dir: string;
  port: number;
  password: string;
  /** file that gets the server's log */
  log: string;
  /** false: no fsync, for tests that may lose everything with the machine */
  durable: boolean;
}

export type HostMessage = { kind: 'ready'; pid: number } | { kind: 'failed'; message: string };

export interface RunningPostgres {
  /** of the database `holdout` */
  url: string;
  port: number;
  /** of the postmaster, for tests that kill it */
  pid: number;
  /** of the process that watches the postmaster */
  host: ChildProcess;
  /** resolves when the server is down, for whatever reason */
  exited: Promise<void>;
  /** orderly; resolves when the server is down */
  stop(): Promise<void>;
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Where a server with these options answers. */
export function postgresUrl({ password, port }: Pick<HostOptions, 'password' | 'port'>): string {
  return `postgresql://holdout:${encodeURIComponent(password)}@127.0.0.1:${port}/holdout`;
}

async function ensureDatabase(url: string) {
  const client = new Client({ connectionString: url.replace(/\/holdout$/, '/postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'holdout'`);
    if (!rowCount) await client.query('CREATE DATABASE holdout');
    // Else the server's log shows the row that a constraint refuses, and a row may hold a test score.
    await client.query(`ALTER DATABASE holdout SET log_error_verbosity = 'terse'`);
  } finally {
    await client.end();
  }
}

/**
 * Starts a Postgres server of its own on `dir`. It ends with this process, however this process ends.
 * Throws an Error with the server's own words when it does not start.
 */
export async function startPostgres(
  options: Pick<HostOptions, 'dir' | 'password'> & Partial<HostOptions>,
): Promise<RunningPostgres> {
  const port = options.port ?? (await freePort());
  const full: HostOptions = { log: `${options.dir}.log`, durable: true, ...options, port };
  const host = fork(path.join(import.meta.dirname, 'host.ts'), {
    detached: true,
    stdio: 'ignore',
    execArgv: [],
  });
  host.send(full);
  const exited = once(host, 'exit').then(() => {});
  const ready = await new Promise<HostMessage>((resolve) => {
    host.once('message', (message) => resolve(message as HostMessage));
    host.once('exit', () => resolve({ kind: 'failed', message: `Postgres did not start; see ${full.log}` }));
  });
  if (ready.kind === 'failed') throw new Error(ready.message);
  const url = postgresUrl(full);
  await ensureDatabase(url);
  return {
    url,
    port,
    pid: ready.pid,
    host,
    exited,
    async stop() {
      if (host.connected) host.disconnect();
      await exited;
    },
  };
}
