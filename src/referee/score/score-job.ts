import { createHash } from 'node:crypto';
import type { RunConfig } from '#core/config/run-config.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { decodePack, type Pack } from '#core/data/pack.ts';
import { AppError } from '#core/errors.ts';
import { decodeSafetensors } from '#core/format/safetensors.ts';
import type { TestResult } from '#core/seal/result.ts';
import type { SourceOverlap } from '#core/transfer/overlap.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { readTensor } from '#db/blobs/read-tensor.ts';
import type { Engine, TensorMap } from '#engine/engine.ts';
import type { EngineOptions } from '#engine/open-engine.ts';
import { openSealed, type SealedPartRow } from '../seal/open-sealed.ts';
import type { RefereeKey } from '../seal/referee-key.ts';
import { compareSources, type SourceData } from './compare-sources.ts';
import { scoreWeights } from './score-weights.ts';

/** All that scoring needs, by reference: bytes of the test part exist only in the process that scores. */
export interface ScoreJob {
  dataDir: string;
  engine: EngineOptions;
  sealed: SealedPartRow;
  n: number;
  schema: DatasetSchema;
  model: RunConfig['model'];
  weightsKey: string;
  weightsDigest: string;
  trainKey: string;
  splitDigest: string;
  /** other data that the weights' sources learned from */
  sources: SourceData[];
  /** whether a source that can't be read for the moment is worth another try */
  patient: boolean;
}

export interface Score {
  result: TestResult;
  /** of each of the job's sources */
  overlaps: SourceOverlap[];
}

/**
 * Decrypts, loads, scores, and compares the test part with what the weights' sources learned from. Weights are checked before anything is decrypted.
 * @throws AppError whose words are fit for the team: they say nothing about any item
 */
export async function runScoreJob(
  engine: Pick<Engine, 'predict'>,
  blobs: BlobStore,
  key: RefereeKey,
  job: ScoreJob,
): Promise<Score> {
  const weights = await loadWeights(blobs, job);
  const train = await readTensor(blobs, job.trainKey, 'y');
  const opened = await openSealed(blobs, key, job.sealed);
  const part = decodePack(await opened.all(), job.schema, 'The test part');
  if (part.n !== job.n)
    throw new AppError(
      'invalid_data',
      'The sealed part does not hold as many items as were sealed. Restore the data folder from a backup.',
    );
  return {
    result: await scoreWeights(engine, { ...job, weights, part, trainY: train.data as Pack['y'] }),
    overlaps: await compareSources(blobs, { file: opened, schema: job.schema }, job.sources, job.patient),
  };
}

async function loadWeights(blobs: BlobStore, job: ScoreJob): Promise<TensorMap> {
  const bytes = await blobs.get(job.weightsKey).catch((cause) => {
    throw new AppError(
      'conflict',
      'The committed weights are missing. Restore the data folder from a backup; the referee tries again by itself.',
      { cause },
    );
  });
  if (createHash('sha256').update(bytes).digest('hex') !== job.weightsDigest) {
    throw new AppError(
      'conflict',
      'The committed weights are not the ones that were committed: they do not fit their digest. Nothing was scored. Restore the data folder from a backup; the referee tries again by itself.',
    );
  }
  const tensors: TensorMap = new Map();
  for (const [name, { shape, dtype, data }] of decodeSafetensors(bytes, 'The committed weights').tensors) {
    if (dtype === 'uint8')
      throw new AppError('invalid_data', `The committed weights hold "${name}" as bytes; weights are numbers.`);
    tensors.set(name, { shape, dtype, data: data as Float32Array | Int32Array });
  }
  return tensors;
}
