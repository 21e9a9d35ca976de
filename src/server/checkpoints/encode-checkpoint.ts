import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import type { ExportFormat } from '#core/export-formats.ts';
import { decodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { plannedWeights } from '#core/model/plan.ts';
import type { Made } from '../elsewhere/serve-jobs.ts';
import type { ExportedModel } from '../exports/exported-model.ts';
import { encodeModel } from '../exports/formats.ts';

export interface EncodeCheckpoint extends Omit<ExportedModel, 'weights'> {
  format: ExportFormat;
  /** the checkpoint's id, for words */
  id: string;
  /** its weights, and their SHA-256 */
  file: string;
  digest: string;
}

/**
 * The bytes of one checkpoint in another format. O(bytes of the weights), in memory.
 * @throws AppError invalid_data where the format can't hold a layer, which it names; conflict where the file is damaged
 */
export async function encodeCheckpoint({ format, id, file, digest, ...model }: EncodeCheckpoint): Promise<Made> {
  const stored = await readFile(file);
  if (createHash('sha256').update(stored).digest('hex') !== digest)
    throw new AppError('conflict', `The stored file of checkpoint "${id}" is damaged. Choose another one.`);
  const weights = pickWeights(decodeSafetensors(stored).tensors, plannedWeights([...model.plan]));
  return { content: await encodeModel(format, { ...model, weights }) };
}

/** The model's own, averaged where training averages them, without what the optimiser keeps. */
function pickWeights(
  stored: ReadonlyMap<string, SafeTensor>,
  wanted: readonly { name: string; shape: number[] }[],
): Map<string, SafeTensor> {
  return new Map(
    wanted.map(({ name, shape }) => {
      const tensor = stored.get(`ema/${name}`) ?? stored.get(name);
      if (tensor?.shape.join() !== shape.join())
        throw new AppError('conflict', `The checkpoint holds no weight "${name}" of [${shape.join(', ')}].`);
      return [name, tensor];
    }),
  );
}
