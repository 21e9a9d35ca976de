import type { Pool } from 'pg';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { type DatasetSchema, datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { dataBytes, dataStreams } from '#core/model/data-memory.ts';
import { trainingMemory } from '#core/model/memory.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { PartArrays } from '#engine/engine.ts';
import { loadPart } from './load-part.ts';

export interface LoadedRun {
  config: RunConfig;
  schema: DatasetSchema;
  train: PartArrays;
  validation: PartArrays;
  data: { bytes: number; streams: boolean; contentDigest: string | null; splitDigest: string | null };
}

/**
 * The run's configuration and its two parts, verified: read where they fit into `memory` (bytes that the run may take), else left in
 * their files for the engine to stream. The test part is not reachable from here. Throws AppError invalid_data.
 */
export async function loadRun(pool: Pool, blobs: BlobStore, runId: string, memory: number): Promise<LoadedRun> {
  const { rows } = await pool.query<{
    config: unknown;
    schema: unknown;
    trainKey: string;
    validationKey: string;
    nTrain: number;
    nValidation: number;
    contentDigest: string | null;
    splitDigest: string | null;
  }>(
    `SELECT r.config, d.schema, d."trainKey", d."validationKey", d."nTrain", d."nValidation", d."contentDigest", d."splitDigest"
     FROM "Run" r JOIN "Dataset" d ON d.id = r."datasetId" WHERE r.id = $1`,
    [runId],
  );
  const row = rows[0]!;
  const config = runConfigSchema.parse(row.config);
  const schema = datasetSchema.parse(row.schema);
  const input = inputOf(schema);
  const bytes = dataBytes(input, taskOf(schema), row.nTrain + row.nValidation);
  const step = trainingMemory(config.model, input, config.batchSize, config.optimizer, config).total;
  const streams = dataStreams(bytes, step, memory);
  const load = (name: string, key: string, items: number) => loadPart(blobs, key, schema, { name, items, streams });
  return {
    config,
    schema,
    train: await load('train', row.trainKey, row.nTrain),
    validation: await load('validation', row.validationKey, row.nValidation),
    data: { bytes, streams, contentDigest: row.contentDigest, splitDigest: row.splitDigest },
  };
}
