/**
 * One Postgres a test run, started when the first test file asks for it: most runs touch no database.
 * DATABASE_URL_TEST names a server to use instead; its user must be allowed to create databases.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { type RunningPostgres, startPostgres } from '../postgres/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** a local socket that answers with the URL of the migrated template database */
    templateSocket: string;
  }
}

const MIGRATE = path.resolve(import.meta.dirname, '../../../scripts/migrate.ts');

export default async function setup(project: TestProject) {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdout-test-'));
  await chmod(folder, 0o755);
  const template = `template_${randomBytes(6).toString('hex')}`;
  let server: RunningPostgres | undefined;
  let admin: string | undefined;

  async function prepare(): Promise<string> {
    admin = process.env.DATABASE_URL_TEST;
    if (!admin) {
      server = await startPostgres({ dir: path.join(folder, 'postgres'), password: 'test', durable: false });
      admin = server.url;
    }
    await query(admin, `CREATE DATABASE ${template}`);
    const url = new URL(admin);
    url.pathname = `/${template}`;
    for (const command of ['check', 'deploy']) {
      await promisify(execFile)(process.execPath, [MIGRATE, command], {
        env: { ...process.env, DATABASE_URL: url.href },
      });
    }
    return url.href;
  }

  let prepared: Promise<string> | undefined;
  const socket = path.join(folder, 'socket');
  const http = createServer((_request, response) => {
    prepared ??= prepare();
    prepared.then(
      (url) => response.end(url),
      (error) => {
        response.statusCode = 500;
        response.end(String(error.stderr || error.message));
      },
    );
  }).listen(socket);
  project.provide('templateSocket', socket);

  return async () => {
    http.close();
    await prepared?.catch(() => {});
    if (server) await server.stop();
    else if (admin) await query(admin, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
