import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { startPostgres } from './start.ts';

it("the server's log names a refused statement and never the row", async () => {
  // Postgres has a user of its own where this runs as root.
  const folder = await mkdtemp(path.join(tmpdir(), 'holdout-pg-log-'));
  await chmod(folder, 0o755);
  const log = path.join(folder, 'log');
  const server = await startPostgres({ dir: path.join(folder, 'postgres'), password: 'test', durable: false, log });
  const client = new Client({ connectionString: server.url });
  try {
    await client.connect();
    await client.query('CREATE TEMP TABLE score (value text CHECK (length(value) < 3))');
    await expect(client.query('INSERT INTO score VALUES ($1)', ['secret'])).rejects.toThrow('score_value_check');
  } finally {
    await client.end();
    await server.stop();
  }
  const text = await readFile(log, 'utf8');
  expect(text).toContain('score_value_check');
  expect(text).not.toContain('secret');
  await rm(folder, { recursive: true });
});
