import type { Pool } from 'pg';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { type DatasetSchema, datasetSchema } from '#core/data/dataset-schema.ts';
import { decodePack, type Pack } from '#core/data/pack.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';

export interface LoadedRun {
  config: RunConfig;
  schema: DatasetSchema;
  train: Pack;
  validation: Pack;
}

/** The run's configuration and its two parts, read and verified. The test part is not reachable from here. Throws AppError invalid_data. */
export async function loadRun(pool: Pool, blobs: BlobStore, runId: string): Promise<LoadedRun> {
  const { rows } = await pool.query<{
    config: unknown;
    schema: unknown;
    trainKey: string;
    validationKey: string;
    nTrain: number;
    nValidation: number;
  }>(
    `SELECT r.config, d.schema, d."trainKey", d."validationKey", d."nTrain", d."nValidation"
     FROM "Run" r JOIN "Dataset" d ON d.id = r."datasetId" WHERE r.id = $1`,
    [runId],
  );
  const row = rows[0]!;
  const schema = datasetSchema.parse(row.schema);
  const read = async (part: string, key: string, n: number) => {
    const pack = decodePack(await blobs.get(key), schema, `The ${part} part`);
    if (pack.n !== n)
      throw new AppError('invalid_data', `The ${part} part holds ${pack.n} items, its data set says ${n}.`);
    return pack;
  };
  return {
    config: runConfigSchema.parse(row.config),
    schema,
    train: await read('train', row.trainKey, row.nTrain),
    validation: await read('validation', row.validationKey, row.nValidation),
  };
}
