import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import { type Db, openDb } from './client.ts';

/**
 * A fresh, migrated database for one test file, on a real Postgres; dropped when the file is done.
 * At the top of the file: `const db = await testDb();`
 */
export async function testDb(): Promise<Db> {
  const template = await templateUrl(inject('templateSocket'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = new URL(template);
  admin.pathname = '/postgres';
  await query(admin, `CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const db = openDb(url.href, 8);
  afterAll(async () => {
    await db.close();
    await query(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
  return db;
}

function templateUrl(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/' }, async (response) => {
      const body = await text(response);
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`No test database: ${body}`));
    }).on('error', reject);
  });
}

async function query(url: URL, sql: string) {
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
