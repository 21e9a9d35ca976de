import type { Readable } from 'node:stream';
import { notFound } from '#core/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#core/export-formats.ts';
import { runId } from '#core/format/numbers.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { elsewhere } from '../elsewhere/elsewhere.ts';
import { findCheckpoints } from './find-checkpoints.ts';

export interface ExportCheckpoint {
  runId: string;
  /** its id, as listCheckpoints gives it: "best", "last", "epoch-12" */
  checkpoint: string;
  format: ExportFormat;
}

/**
 * One checkpoint as one file of a format.
 * @throws AppError not_found; invalid_data where the format can't hold a layer, which it names; conflict where the file is
 * damaged; what `elsewhere` throws
 */
export async function exportCheckpoint(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  input: ExportCheckpoint,
  signal: AbortSignal,
): Promise<{ name: string; content: Readable; bytes: number }> {
  const access = await requireRun(db, actor, input.runId, 'read');
  const { checkpoints, plan, input: takes, task, schema, ...run } = await findCheckpoints(db, access.runId);
  const found = checkpoints.find(({ id }) => id === input.checkpoint);
  if (!found) throw notFound('checkpoint');
  const number = runId(run.number);
  const { content, bytes } = await elsewhere(
    'encodeCheckpoint',
    {
      format: input.format,
      ...{ id: found.id, file: await blobs.local(found.weightsKey), digest: found.digest },
      ...{ plan, input: takes, task, schema },
      origin: `run ${run.name} (${number}), checkpoint ${found.id}, epoch ${found.epoch}`,
    },
    { signal },
  );
  return { name: `${number}-${found.id}${EXPORT_FORMATS[input.format].extension}`, content, bytes };
}
