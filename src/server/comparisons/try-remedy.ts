import { z } from 'zod';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { changeById, changeId, changeWords, whyNoChange } from '#core/remedies/changes.ts';
import { startFromSchema } from '#core/transfer/start-from.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readBase, type Started, seedsFor, startComparison } from './start-comparison.ts';
import { transferSources } from './transfer-sources.ts';

export const seedCount = z.union([z.literal(1), z.literal(3), z.literal(5)]).default(3);

export const tryRemedyInput = z.strictObject({
  runId: z.string(),
  remedy: changeId,
  /** what transfer learning starts from; left out: what has the run's own layers, uploads first, then the run with the best score */
  source: startFromSchema.shape.source.optional(),
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
  if (input.source && change.id !== 'transfer')
    throw new AppError('bad_request', `${change.name} starts from nothing: leave the source out.`);
  const dataset = await db.prisma.dataset.findUnique({
    where: { id: base.datasetId },
    select: { schema: true, nTrain: true },
  });
  if (!dataset) throw notFound('data set');
  const schema = datasetSchema.parse(dataset.schema);
  const items = { input: inputOf(schema), task: taskOf(schema), trainItems: dataset.nTrain ?? 1 };
  const context =
    change.id === 'transfer'
      ? { ...items, sources: await transferSources(db, actor, access, base.config.model, items, input.source) }
      : items;
  const changed = change.apply(base.config, context);
  if (!changed) throw new AppError('conflict', whyNoChange(change, base.config, context));
  return startComparison(
    db,
    actor,
    access,
    { kind: 'remedy', remedy: change.id, base },
    [
      { arm: 0, name: base.name, config: base.config },
      { arm: 1, name: `${base.name} + ${changeWords(change, changed, base.config)}`, config: changed },
    ],
    await seedsFor(db, base, input.seeds),
  );
}
