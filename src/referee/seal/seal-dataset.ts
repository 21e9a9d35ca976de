import { packKeyOf } from '#core/data/blob-keys.ts';
import type { Decision } from '#core/data/decision.ts';
import { notify } from '#db/events/events.ts';
import { RECORD_SPLIT, SEAL_DATASET } from '#db/sql/datasets.ts';
import { transaction } from '#db/sql/transaction.ts';
import type { RefereeContext } from '../context.ts';
import { assignParts } from '../ingest/assign-parts.ts';
import { collect } from '../ingest/collect.ts';
import type { Job } from '../ingest/job.ts';
import { deletePlaintext, deleteResults, freshWorkFolder, readReport } from '../ingest/workspace.ts';
import { buildSchema } from './build-schema.ts';
import { packPart } from './pack.ts';
import { sealPart } from './seal-part.ts';
import { summarise } from './summarise.ts';

export interface SealingRow {
  id: string;
  projectId: string;
  name: string;
  decision: Decision;
}

/**
 * Splits a confirmed upload and seals its test part. Until the results are recorded, nothing but this data set's own files
 * changes, so an interrupted try is simply done again; after that, only the plaintext remains to be deleted.
 */
export async function sealDataset(ctx: RefereeContext, job: Job, row: SealingRow, holder: string): Promise<void> {
  if (!(await isSplit(ctx, row.id))) await splitAndRecord(ctx, job, row, holder);
  await deletePlaintext(ctx.blobs, ctx.dataDir, row.id);
  await transaction(ctx.db.pool, async (client) => {
    const { rowCount } = await client.query(SEAL_DATASET, [row.id, holder]);
    if (!rowCount) throw new Error(`Data set ${row.id} was taken over before it was sealed.`);
    await client.query(
      `INSERT INTO "Activity" ("projectId", "userId", kind, detail)
       SELECT "projectId", "createdById", 'dataset.sealed', jsonb_build_object('datasetId', id, 'name', name)
       FROM "Dataset" WHERE id = $1`,
      [row.id],
    );
    await notify(client, { topic: 'dataset', id: row.id, projectId: row.projectId });
    await notify(client, { topic: 'project', id: row.projectId, projectId: row.projectId });
  });
}

/** Whether the sealed part is recorded: its items are chosen for good. */
export async function isSplit(ctx: RefereeContext, datasetId: string): Promise<boolean> {
  return (await ctx.db.prisma.sealedPart.count({ where: { datasetId } })) > 0;
}

async function splitAndRecord(ctx: RefereeContext, job: Job, row: SealingRow, holder: string): Promise<void> {
  const folder = await freshWorkFolder(ctx.dataDir, row.id);
  await deleteResults(ctx.blobs, row.id);
  const report = await readReport(ctx.blobs, row.id);
  const data = await collect(job, report, row.decision, folder);
  try {
    await job.holdForSorting(data.n);
    const split = await assignParts(data, row.decision.drop);
    const schema = await buildSchema(row.decision.kind, data, split);
    const summary = await summarise(data, split, report.source);
    const keys = { train: packKeyOf(row.id, 'train'), validation: packKeyOf(row.id, 'validation') };
    for (const part of ['train', 'validation'] as const) {
      job.signal.throwIfAborted();
      await ctx.blobs.put(keys[part], packPart(data, split.parts[part], schema));
    }
    job.progress('sealed', 0, null);
    const sealed = await sealPart(ctx.blobs, ctx.key, row.id, packPart(data, split.parts.test, schema));
    job.signal.throwIfAborted();
    const { train, validation, test } = split.parts;
    await transaction(ctx.db.pool, async (client) => {
      const { rowCount } = await client.query(RECORD_SPLIT, [
        row.id,
        holder,
        JSON.stringify(schema),
        JSON.stringify(summary),
        train.length,
        validation.length,
        test.length,
        split.contentDigest,
        split.splitDigest,
        keys.train,
        keys.validation,
      ]);
      if (!rowCount) throw new Error(`Data set ${row.id} was taken over before its split was recorded.`);
      await client.query(
        'INSERT INTO "SealedPart" ("datasetId", "blobKey", "wrappedKey", digest, n) VALUES ($1, $2, $3, $4, $5)',
        [row.id, sealed.blobKey, sealed.wrappedKey, sealed.digest, test.length],
      );
    });
  } finally {
    data.x.close();
  }
}
