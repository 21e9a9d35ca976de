import { createHash } from 'node:crypto';
import { AppError, notFound } from '#core/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#core/export-formats.ts';
import { runId } from '#core/format/numbers.ts';
import { decodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { plannedWeights } from '#core/model/plan.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { encodeModel } from '../exports/formats.ts';
import { findCheckpoints } from './find-checkpoints.ts';

/**
 * One checkpoint as one file of a format. O(bytes of the weights), in memory.
 * @param checkpoint its id, as listCheckpoints gives it: "best", "last", "epoch-12"
 * @throws AppError not_found; invalid_data where the format can't hold a layer, which it names; conflict where the file is damaged
 */
export async function exportCheckpoint(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  input: { runId: string; checkpoint: string; format: ExportFormat },
): Promise<{ name: string; bytes: Uint8Array }> {
  const access = await requireRun(db, actor, input.runId, 'read');
  const { checkpoints, ...run } = await findCheckpoints(db, access.runId);
  const found = checkpoints.find(({ id }) => id === input.checkpoint);
  if (!found) throw notFound('checkpoint');
  const file = await blobs.get(found.weightsKey);
  if (createHash('sha256').update(file).digest('hex') !== found.digest)
    throw new AppError('conflict', `The stored file of checkpoint "${found.id}" is damaged. Choose another one.`);
  const weights = pickWeights(decodeSafetensors(file).tensors, plannedWeights([...run.plan]));
  const number = runId(run.number);
  const origin = `run ${run.name} (${number}), checkpoint ${found.id}, epoch ${found.epoch}`;
  const bytes = await encodeModel(input.format, { ...run, weights, origin });
  return { name: `${number}-${found.id}${EXPORT_FORMATS[input.format].extension}`, bytes };
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
