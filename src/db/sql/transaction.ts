import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction on one connection; any error rolls back and is thrown on. */
export async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: unknown;
  // The statement that fails says so; the event beside it would end the process if nobody listened.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: unknown) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', ignore);
    // A connection that can't roll back must not serve the next caller.
    client.release(broken instanceof Error ? broken : undefined);
  }
}
