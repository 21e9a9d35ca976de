import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { AppError } from '#core/errors.ts';
import { decodeSafetensors } from '#core/format/safetensors.ts';
import { type LineageStep, lineageSchema } from '#core/transfer/lineage.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { READ_LINEAGE } from '#db/sql/lineage.ts';
import type { TensorMap } from '#engine/engine.ts';

export interface StartWeights {
  source: LineageStep;
  weights: TensorMap;
}

/**
 * What the run's launch chose to start from, read and verified: the weights of the layers that are taken over, by name.
 * Throws AppError where they are gone or not what was chosen.
 */
export async function readStartWeights(pool: Pool, blobs: BlobStore, runId: string): Promise<StartWeights> {
  const row = await readLineage(pool, runId);
  const source = lineageSchema.parse(row?.sources ?? [])[0];
  if (!row || !source)
    throw new AppError('invalid_data', 'What this run was to start from is not recorded. Launch it again.');
  const bytes = await blobs.get(row.weightsKey).catch(async (error) => {
    // Whoever deletes the source this very moment has moved them, and the row says where.
    const now = await readLineage(pool, runId);
    if (!now || now.weightsKey === row.weightsKey) throw error;
    return blobs.get(now.weightsKey);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== row.digest)
    throw new AppError('invalid_data', 'The weights to start from are damaged: their digest is not the one recorded.');
  const { tensors } = decodeSafetensors(bytes, 'The file of weights to start from');
  const taken = new Set(source.layers);
  const weights = [...(tensors as TensorMap)].filter(([name]) => taken.has(name.slice(0, name.lastIndexOf('/'))));
  return { source, weights: new Map(weights) };
}

async function readLineage(pool: Pool, runId: string) {
  const { rows } = await pool.query<{ sources: unknown; weightsKey: string; digest: string }>(READ_LINEAGE, [runId]);
  return rows[0];
}
