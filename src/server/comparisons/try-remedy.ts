import { z } from 'zod';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { changeById, changeId, changeWords, whyNoChange } from '#core/remedies/changes.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { listSources, type Source } from '../transfer/list-sources.ts';
import { readBase, type Started, seedsFor, startComparison } from './start-comparison.ts';

export const seedCount = z.union([z.literal(1), z.literal(3), z.literal(5)]).default(3);

export const tryRemedyInput = z.strictObject({
  runId: z.string(),
  remedy: changeId,
  /** how many seeds each side has */
  seeds: seedCount,
});
export type TryRemedyInput = z.infer<typeof tryRemedyInput>;

/**
 * Copies a run with one thing changed and launches what lacks, on both sides the same seeds.
 * Throws AppError conflict where the change would change nothing, or could never act.
 */
export async function tryRemedy(db: Db, actor: Actor, input: TryRemedyInput): Promise<Started> {
  const access = await requireRun(db, actor, input.runId, 'run');
  const base = await readBase(db, access.runId);
  const change = changeById(input.remedy);
  if (!change) throw new AppError('bad_request', `"${input.remedy}" can't be tried here.`);
  const dataset = await db.prisma.dataset.findUnique({
    where: { id: base.datasetId },
    select: { schema: true, nTrain: true },
  });
  if (!dataset) throw notFound('data set');
  const schema = datasetSchema.parse(dataset.schema);
  const context = {
    input: inputOf(schema),
    task: taskOf(schema),
    trainItems: dataset.nTrain ?? 1,
    ...(input.remedy === 'transfer' && { sources: await otherSources(db, actor, base.projectId) }),
  };
  const changed = change.apply(base.config, context);
  if (!changed) throw new AppError('conflict', whyNoChange(change, base.config, context));
  return startComparison(
    db,
    actor,
    access,
    { kind: 'remedy', remedy: change.id, base },
    [
      { arm: 0, name: base.name, config: base.config },
      { arm: 1, name: `${base.name} + ${changeWords(change, changed)}`, config: changed },
    ],
    await seedsFor(db, base, input.seeds),
  );
}

/** What learned on other items than this project's: a copy that went on from the run itself would only have trained longer. */
async function otherSources(db: Db, actor: Actor, projectId: string): Promise<Source[]> {
  const sources = await listSources(db, actor, projectId);
  return sources.filter(({ project, number }) => project.id !== projectId || number === null);
}
