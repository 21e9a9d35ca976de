import { expect, it } from 'vitest';
import { testDb } from '../testing.ts';
import { transaction } from './transaction.ts';

const db = await testDb();

// pg tells of a lost connection by an event as well, which ends the process where nobody listens.
it('throws where the connection is lost between two statements, and the next caller gets another connection', async () => {
  const lost = transaction(db.pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    await ended;
    await client.query('SELECT 1');
  });
  await expect(lost).rejects.toThrow();
  expect(await transaction(db.pool, async (client) => (await client.query('SELECT 1 AS one')).rows[0])).toEqual({
    one: 1,
  });
});
