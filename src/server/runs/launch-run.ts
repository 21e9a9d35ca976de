import { z } from 'zod';
import { presetLabel, presetOf } from '#core/config/presets.ts';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { type DatasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { notFound } from '#core/errors.ts';
import { isCheck, MODE_WORDS } from '#core/run/modes.ts';
import { runName } from '#core/run/name.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireProject, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { checkLaunch, requireSealed } from './check-launch.ts';
import { type QueuedRun, queueRuns } from './queue-runs.ts';

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

/**
 * Puts one run a seed into the queue. Throws AppError invalid_data that names the layer or field that can't fit,
 * conflict before the data is sealed, too_many when too many wait.
 */
export async function launchRun(db: Db, actor: Actor, input: LaunchRunInput): Promise<{ runs: QueuedRun[] }> {
  const access = await requireProject(db, actor, input.projectId, 'run');
  const { projectId } = access;
  const dataset = await requireSealed(db, projectId, input.datasetId);
  const source = await checkLaunch(db, actor, access, dataset, input.config);
  const parentId = input.parentId === undefined ? null : await requireParent(db, projectId, input.parentId);

  const seeds = input.seeds ?? [input.config.seed];
  const name = input.name ?? nameOf(input.config, dataset.schema);
  const drafts = seeds.map((seed) => ({
    name: seeds.length > 1 ? `${name} · seed ${seed}` : name,
    config: { ...input.config, seed },
    parentId,
    source,
  }));
  const runs = await db.prisma.$transaction((tx) => queueRuns(tx, actor, access, dataset, drafts));
  await notify(db.pool, { topic: 'run', id: runs[0]!.id, projectId });
  return { runs };
}

async function requireParent(db: Db, projectId: string, parentId: string): Promise<string> {
  const parent = await db.prisma.run.findFirst({ where: { id: uuidOr(parentId), projectId }, select: { id: true } });
  if (!parent) throw notFound('run');
  return parent.id;
}

/** "Small CNN", or what the model is made of. */
function nameOf(config: RunConfig, schema: DatasetSchema): string {
  const preset = presetOf(config.model, inputOf(schema), taskOf(schema));
  const model = preset ? presetLabel(preset) : `Own model, ${config.model.layers.length} layers`;
  return isCheck(config) ? `${model}, ${MODE_WORDS[config.mode].name.toLowerCase()}` : model;
}
