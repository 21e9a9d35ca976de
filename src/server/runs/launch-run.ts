import { z } from 'zod';
import { checkConfig } from '#core/config/check-config.ts';
import { presetOf, presetsFor } from '#core/config/presets.ts';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { type DatasetSchema, datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { summarise } from '#core/model/summary.ts';
import { totalSteps } from '#core/run/modes.ts';
import { runName } from '#core/run/name.ts';
import { sawOtherSplit } from '#core/transfer/lineage.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireProject, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { findSource, holdSource } from '../transfer/find-source.ts';
import { memoryBudget } from './memory-budget.ts';

/** Runs of one project that may wait at once, so that a script's mistake can't fill the queue of a class. */
export const MAX_WAITING = 200;

export const launchRunInput = z.strictObject({
  projectId: z.string(),
  config: runConfigSchema,
  /** default: the project's sealed data set */
  datasetId: z.string().optional(),
  name: runName.optional(),
  /** one run a seed; default: the seed of the configuration */
  seeds: z
    .array(runConfigSchema.shape.seed.unwrap())
    .min(1)
    .max(50)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'Each seed once.')
    .optional(),
  /** the run that this is a copy of */
  parentId: z.string().optional(),
});
export type LaunchRunInput = z.infer<typeof launchRunInput>;

export interface LaunchedRun {
  id: string;
  number: number;
  name: string;
}

/**
 * Puts one run a seed into the queue. Throws AppError invalid_data that names the layer or field that can't fit,
 * conflict before the data is sealed, too_many when too many wait.
 */
export async function launchRun(db: Db, actor: Actor, input: LaunchRunInput): Promise<{ runs: LaunchedRun[] }> {
  const access = await requireProject(db, actor, input.projectId, 'run');
  const { projectId } = access;
  const dataset = await requireSealed(db, projectId, input.datasetId);
  const { startFrom } = input.config;
  const source = startFrom && (await findSource(db, actor, access, startFrom));
  checkConfig(input.config, dataset.schema, dataset.nTrain, await memoryBudget(db), source);
  const other = source && sawOtherSplit(source.sources, dataset);
  if (other)
    throw new AppError(
      'conflict',
      `"${other.name}" was trained on this data under another split, so it may have seen items of this project's test part. Start from another run.`,
    );
  const parentId = input.parentId === undefined ? null : await requireParent(db, projectId, input.parentId);

  const seeds = input.seeds ?? [input.config.seed];
  const name = input.name ?? nameOf(input.config, dataset.schema);
  const { parameters } = summarise(input.config.model, inputOf(dataset.schema), input.config.batchSize);

  const runs = await db.prisma.$transaction(async (tx) => {
    const { lastRun, archivedAt } = await tx.project.update({
      where: { id: projectId },
      data: { lastRun: { increment: seeds.length } },
      select: { lastRun: true, archivedAt: true },
    });
    if (archivedAt)
      throw new AppError('conflict', 'This project is archived. Restore it under Settings to train again.');
    const waiting = await tx.run.count({ where: { projectId, state: 'queued' } });
    if (waiting + seeds.length > MAX_WAITING)
      throw new AppError(
        'too_many',
        `${waiting} runs wait already; a project may have ${MAX_WAITING}. Cancel some first.`,
      );
    const created = await tx.run.createManyAndReturn({
      data: seeds.map((seed, i) => ({
        projectId,
        datasetId: dataset.id,
        number: lastRun - seeds.length + 1 + i,
        name: seeds.length > 1 ? `${name} · seed ${seed}` : name,
        config: { ...input.config, seed },
        createdById: actor.userId,
        parentId,
        parameters,
        totalSteps: totalSteps(input.config, dataset.nTrain),
      })),
      select: { id: true, number: true, name: true },
    });
    if (startFrom) {
      await holdSource(tx, startFrom.source);
      const { sources, weightsKey, digest } = await findSource({ prisma: tx }, actor, access, startFrom);
      await tx.lineage.createMany({ data: created.map((run) => ({ runId: run.id, sources, weightsKey, digest })) });
    }
    await tx.activity.create({
      data: { projectId, userId: actor.userId, kind: 'run.launched', detail: { runs: created } },
    });
    return created;
  });
  await notify(db.pool, { topic: 'run', id: runs[0]!.id, projectId });
  return { runs };
}

async function requireSealed(
  db: Db,
  projectId: string,
  datasetId: string | undefined,
): Promise<{
  id: string;
  schema: DatasetSchema;
  nTrain: number;
  contentDigest: string | null;
  splitDigest: string | null;
}> {
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

async function requireParent(db: Db, projectId: string, parentId: string): Promise<string> {
  const parent = await db.prisma.run.findFirst({ where: { id: uuidOr(parentId), projectId }, select: { id: true } });
  if (!parent) throw notFound('run');
  return parent.id;
}

/** "Small CNN", or what the model is made of. */
function nameOf(config: RunConfig, schema: DatasetSchema): string {
  const presets = presetsFor(inputOf(schema), taskOf(schema));
  const preset = presetOf(config.model, presets);
  return presets.find((p) => p.id === preset)?.label ?? `Own model, ${config.model.layers.length} layers`;
}
