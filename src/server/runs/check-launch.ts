import { checkConfig } from '#core/config/check-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { type DatasetSchema, datasetSchema } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { sawOtherSplit } from '#core/transfer/lineage.ts';
import type { Db } from '#db/client.ts';
import { type ProjectAccess, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type FoundSource, findSource } from '../transfer/find-source.ts';
import { memoryBudget } from './memory-budget.ts';

/** What a run trains on. */
export interface SealedDataset {
  id: string;
  schema: DatasetSchema;
  nTrain: number;
  contentDigest: string | null;
  splitDigest: string | null;
}

/** @returns what the run starts from. Throws AppError invalid_data that names the layer or field that can't fit, conflict where its start may have seen this project's test part. */
export async function checkLaunch(
  db: Db,
  actor: Actor,
  access: ProjectAccess,
  dataset: SealedDataset,
  config: RunConfig,
): Promise<FoundSource | null> {
  const source = config.startFrom && (await findSource(db, actor, access, config.startFrom));
  checkConfig(config, dataset.schema, dataset.nTrain, await memoryBudget(db), source);
  const other = source && sawOtherSplit(source.sources, dataset);
  if (other)
    throw new AppError(
      'conflict',
      `"${other.name}" was trained on this data under another split, so it may have seen items of this project's test part. Start from another run.`,
    );
  return source;
}

/** The data set that is asked for, or the project's newest. Throws AppError conflict before it is sealed. */
export async function requireSealed(db: Db, projectId: string, datasetId: string | undefined): Promise<SealedDataset> {
  const dataset = await db.prisma.dataset.findFirst({
    where: datasetId === undefined ? { projectId, state: 'sealed' } : { projectId, id: uuidOr(datasetId) },
    orderBy: { id: 'desc' },
    select: { id: true, state: true, schema: true, nTrain: true, contentDigest: true, splitDigest: true },
  });
  if (!dataset && datasetId !== undefined) throw notFound('data set');
  if (dataset?.state !== 'sealed' || !dataset.nTrain)
    throw new AppError(
      'conflict',
      'There is no sealed data set here yet. Upload one under Data and confirm its split.',
    );
  return { ...dataset, schema: datasetSchema.parse(dataset.schema), nTrain: dataset.nTrain };
}
