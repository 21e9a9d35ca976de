import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { AppError } from '#core/errors.ts';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { isOptimizerState } from '#engine/state.ts';

interface Row {
  attempt: number;
  /** a check before a training leaves no weights */
  training: boolean;
  kind: 'last' | 'best' | null;
  weightsKey: string | null;
  stateKey: string | null;
}

/**
 * A run that is over is never resumed: its optimiser's state goes; its last weights stay, its best ones too, and files that no
 * row names go. What says so goes last, so that whatever breaks in between is done again by the next sweep.
 */
export async function forgetState(pool: Pool, blobs: BlobStore, runId: string): Promise<void> {
  const { rows } = await pool.query<Row>(
    `SELECT r.attempt, coalesce(r.config->>'mode', 'train') = 'train' AS training, c.kind, c."weightsKey", c."stateKey"
     FROM "Run" r LEFT JOIN "Checkpoint" c ON c."runId" = r.id WHERE r.id = $1`,
    [runId],
  );
  if (!rows[0]) return;
  const best = rows.find(({ kind }) => kind === 'best')?.weightsKey;
  const last = rows.find(({ kind }) => kind === 'last');
  const kept = last?.training ? await keepLastWeights(pool, blobs, runId, last) : false;
  for (let attempt = 1; attempt <= rows[0].attempt; attempt++)
    for (const name of ['state-0', 'state-1', 'best-0', 'best-1']) {
      const key = `runs/${runId}/${attempt}/${name}.safetensors`;
      if (key !== best) await blobs.delete(key);
    }
  await pool.query(
    kept
      ? `UPDATE "Checkpoint" SET "stateKey" = NULL WHERE "runId" = $1 AND kind = 'last'`
      : `DELETE FROM "Checkpoint" WHERE "runId" = $1 AND kind = 'last' AND "weightsKey" = "stateKey"`,
    [runId],
  );
}

/** @returns whether the row names a file of weights alone; not where the state is gone or damaged. Throws where it can't be read now: the next sweep tries again. */
async function keepLastWeights(pool: Pool, blobs: BlobStore, runId: string, last: Row): Promise<boolean> {
  // The row was switched already by a sweep that did not come to its end.
  if (last.weightsKey !== last.stateKey) return true;
  const tensors = await readTensors(blobs, last.stateKey!);
  if (!tensors) return false;
  const weights = encodeSafetensors(new Map([...tensors].filter(([name]) => !isOptimizerState(name))));
  const key = `runs/${runId}/kept/last.safetensors`;
  await blobs.put(key, weights);
  await pool.query(
    `UPDATE "Checkpoint" SET "weightsKey" = $2, digest = $3 WHERE "runId" = $1 AND kind = 'last' AND "stateKey" = $4`,
    [runId, key, createHash('sha256').update(weights).digest('hex'), last.stateKey],
  );
  return true;
}

/** @returns null where the file is gone or damaged for good. Throws where it can't be read now. */
async function readTensors(blobs: BlobStore, key: string): Promise<Map<string, SafeTensor> | null> {
  try {
    return decodeSafetensors(await blobs.get(key), 'The checkpoint').tensors;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid_data')) return null;
    throw error;
  }
}

/** Runs that ended without their trainer: cancelled while they waited, or given up after crashes. */
export async function sweepStates(pool: Pool, blobs: BlobStore): Promise<void> {
  const { rows } = await pool.query<{ runId: string }>(
    `SELECT c."runId" FROM "Checkpoint" c JOIN "Run" r ON r.id = c."runId"
     WHERE c.kind = 'last' AND c."stateKey" IS NOT NULL AND r.state NOT IN ('queued', 'running')`,
  );
  for (const { runId } of rows)
    await forgetState(pool, blobs, runId).catch((error: Error) =>
      // One run's file must not keep the others' from going.
      console.error(`Could not tidy up run ${runId}: ${error.message}`),
    );
}
