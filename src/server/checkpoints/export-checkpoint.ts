import { createHash } from 'node:crypto';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#core/export-formats.ts';
import { decodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { planModel, plannedWeights } from '#core/model/plan.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { encodeModel } from '../exports/formats.ts';
import { readStoredConfig } from '../runs/run-view.ts';

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
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: {
      ...{ name: true, number: true, config: true },
      dataset: { select: { schema: true } },
      checkpoints: { select: { kind: true, epoch: true, weightsKey: true, digest: true } },
    },
  });
  const found = run.checkpoints.find(({ kind }) => kind === input.checkpoint);
  if (!found) throw notFound('checkpoint');
  const schema = datasetSchema.parse(run.dataset.schema);
  const [modelInput, task] = [inputOf(schema), taskOf(schema)];
  const plan = planModel(readStoredConfig(run.config).model, modelInput, task);
  const file = await blobs.get(found.weightsKey);
  if (createHash('sha256').update(file).digest('hex') !== found.digest)
    throw new AppError(
      'conflict',
      `The stored file of checkpoint "${input.checkpoint}" is damaged. Choose another one.`,
    );
  const weights = pickWeights(decodeSafetensors(file).tensors, plannedWeights(plan));
  const number = `r-${String(run.number).padStart(4, '0')}`;
  const origin = `run ${run.name} (${number}), checkpoint ${input.checkpoint}, epoch ${found.epoch}`;
  const bytes = await encodeModel(input.format, { plan, input: modelInput, task, schema, weights, origin });
  return { name: `${number}-${input.checkpoint}${EXPORT_FORMATS[input.format].extension}`, bytes };
}

/** The model's own, without what the optimiser keeps. */
function pickWeights(
  stored: ReadonlyMap<string, SafeTensor>,
  wanted: readonly { name: string; shape: number[] }[],
): Map<string, SafeTensor> {
  return new Map(
    wanted.map(({ name, shape }) => {
      const tensor = stored.get(name);
      if (tensor?.shape.join() !== shape.join())
        throw new AppError('conflict', `The checkpoint holds no weight "${name}" of [${shape.join(', ')}].`);
      return [name, tensor];
    }),
  );
}
