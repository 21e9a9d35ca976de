import { type DatasetSchema, datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { classFigures, type ItemReport, itemReportSchema } from '#core/metric/item-report.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { openPack } from '../datasets/read-pack.ts';
import { thumbnail } from '../datasets/thumbnail.ts';

/** What the run's best weights answer to the validation part, with names in place of numbers; null before the run has ended with any. */
export async function getItemReport(db: Db, actor: Actor, id: string) {
  const found = await readReport(db, actor, id);
  if (!found) return null;
  const { report, schema } = found;
  if (report.kind === 'regression' && 'targets' in schema)
    return { ...report, targets: report.targets.map((t, i) => ({ name: schema.targets[i]!.name, ...t })) };
  if (report.kind === 'classification' && 'classes' in schema) {
    const { classes } = schema;
    const figures = classFigures(report.confusion, classes.length);
    return { ...report, classes: figures.map((f, i) => ({ name: classes[i]!, ...f })) };
  }
  throw new Error(`The report of run ${id} is a ${report.kind}, its data set is ${schema.kind}.`);
}

export interface WorstPicture {
  index: number;
  name: string;
  /** data URL of a thumbnail, where items are images */
  image?: string;
}

/** Names and pictures of the report's worst items, in its order. */
export async function getWorstPictures(db: Db, blobs: BlobStore, actor: Actor, id: string): Promise<WorstPicture[]> {
  const found = await readReport(db, actor, id);
  if (!found) return [];
  const { report, schema, datasetId } = found;
  const pack = await openPack(blobs, datasetId, 'validation');
  const input = inputOf(schema);
  return Promise.all(
    report.worst.map(async ({ index }) => {
      const [item] = await pack.items(index, index + 1);
      const named = { index, name: item!.name };
      return input.kind === 'image' ? { ...named, image: await thumbnail(await pack.x(index), input) } : named;
    }),
  );
}

async function readReport(
  db: Db,
  actor: Actor,
  id: string,
): Promise<{ report: ItemReport; schema: DatasetSchema; datasetId: string } | null> {
  const { runId } = await requireRun(db, actor, id, 'read');
  const row = await db.prisma.runItemReport.findUnique({
    where: { runId },
    select: { report: true, run: { select: { dataset: { select: { id: true, schema: true } } } } },
  });
  if (!row) return null;
  const { dataset } = row.run;
  return {
    report: itemReportSchema.parse(row.report),
    schema: datasetSchema.parse(dataset.schema),
    datasetId: dataset.id,
  };
}
