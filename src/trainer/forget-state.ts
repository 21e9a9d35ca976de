import type { Pool } from 'pg';
import type { BlobStore } from '#db/blobs/index.ts';

/**
 * A run that is over is never resumed: its optimiser's state goes, its best weights stay, files that no row names go too.
 * The row goes last, so that whatever breaks in between is done again by the next sweep.
 */
export async function forgetState(pool: Pool, blobs: BlobStore, runId: string): Promise<void> {
  const { rows } = await pool.query<{ attempt: number; best: string | null }>(
    `SELECT r.attempt, c."weightsKey" AS best FROM "Run" r
     LEFT JOIN "Checkpoint" c ON c."runId" = r.id AND c.kind = 'best' WHERE r.id = $1`,
    [runId],
  );
  if (!rows[0]) return;
  for (let attempt = 1; attempt <= rows[0].attempt; attempt++)
    for (const name of ['state-0', 'state-1', 'best-0', 'best-1']) {
      const key = `runs/${runId}/${attempt}/${name}.safetensors`;
      if (key !== rows[0].best) await blobs.delete(key);
    }
  await pool.query(`DELETE FROM "Checkpoint" WHERE "runId" = $1 AND kind = 'last'`, [runId]);
}

/** Runs that ended without their trainer: cancelled while they waited, or given up after crashes. */
export async function sweepStates(pool: Pool, blobs: BlobStore): Promise<void> {
  const { rows } = await pool.query<{ runId: string }>(
    `SELECT c."runId" FROM "Checkpoint" c JOIN "Run" r ON r.id = c."runId"
     WHERE c.kind = 'last' AND r.state NOT IN ('queued', 'running')`,
  );
  for (const { runId } of rows) await forgetState(pool, blobs, runId);
}
