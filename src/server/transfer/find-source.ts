import { datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { runId as runWord } from '#core/format/numbers.ts';
import { planModel } from '#core/model/plan.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { type SourceModel, weightsTaken } from '#core/transfer/check-start-from.ts';
import { importedSpecSchema } from '#core/transfer/imported.ts';
import { type Lineage, lineageSchema, MOST_STEPS } from '#core/transfer/lineage.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import type { Db, Prisma } from '#db/client.ts';
import { type ProjectAccess, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from '../runs/run-view.ts';

export interface FoundSource extends SourceModel {
  weightsKey: string;
  /** SHA-256 of the weights file */
  digest: string;
  /** the source first, then the source's own, and so on */
  sources: Lineage;
}

/** The team's runs, and those that an instructor shares with the course. A token for one project reaches no other of the team. */
export function reachableRuns(actor: Actor, { teamId, courseId }: ProjectAccess): Prisma.RunWhereInput {
  return {
    OR: [{ project: ownProjects(actor, teamId) }, { sharedAt: { not: null }, project: { team: { courseId } } }],
  };
}

export function ownProjects(actor: Actor, teamId: string): Prisma.ProjectWhereInput {
  const bound = actor.via.kind === 'token' ? actor.via.projectId : null;
  return { teamId, ...(bound !== null && { id: bound }) };
}

/**
 * What a run of this project would start from.
 * @throws AppError not_found for what the team can't reach or what does not exist, conflict while it has no final weights
 */
export async function findSource(
  db: Db,
  actor: Actor,
  access: ProjectAccess,
  { source, cutAfter }: Pick<StartFrom, 'source' | 'cutAfter'>,
): Promise<FoundSource> {
  return 'run' in source
    ? findRun(db, actor, access, source.run, cutAfter)
    : findModel(db, actor, access, source.model, cutAfter);
}

/**
 * Keeps the source's row until the transaction ends: whoever deletes it meanwhile waits, and then sees who started from it.
 * @throws AppError not_found where it is gone
 */
export async function holdSource(tx: Prisma.TransactionClient, source: StartFrom['source']): Promise<void> {
  const rows =
    'run' in source
      ? await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Run" WHERE id = ${source.run}::uuid FOR SHARE`
      : await tx.$queryRaw<unknown[]>`SELECT 1 FROM "ImportedModel" WHERE id = ${source.model}::uuid FOR SHARE`;
  if (rows.length === 0) throw notFound('run' in source ? 'run' : 'model');
}

async function findRun(
  db: Db,
  actor: Actor,
  access: ProjectAccess,
  id: string,
  cutAfter: string | null,
): Promise<FoundSource> {
  const run = await db.prisma.run.findFirst({
    where: { id: uuidOr(id), ...reachableRuns(actor, access) },
    select: {
      id: true,
      number: true,
      name: true,
      state: true,
      config: true,
      project: { select: { id: true, name: true, team: { select: { name: true } } } },
      dataset: { select: { name: true, schema: true, contentDigest: true, splitDigest: true } },
      checkpoints: { where: { kind: 'best' }, select: { weightsKey: true, digest: true, epoch: true } },
      lineage: { select: { sources: true } },
    },
  });
  if (!run) throw notFound('run');
  const best = run.checkpoints[0];
  if (!isOver(run.state))
    throw new AppError(
      'conflict',
      `${runWord(run.number)} still trains, so its best weights may change. Wait until it is over, or stop it.`,
    );
  if (!best)
    throw new AppError('conflict', `${runWord(run.number)} has kept no weights. Choose a run that finished an epoch.`);
  const before = lineageSchema.parse(run.lineage?.sources ?? []);
  if (before.length >= MOST_STEPS)
    throw new AppError(
      'conflict',
      `${runWord(run.number)} has ${MOST_STEPS} sources behind it already. Start from an earlier one, or train anew.`,
    );
  const { number, name, project, dataset } = run;
  const { model } = readStoredConfig(run.config);
  const input = inputOf(datasetSchema.parse(dataset.schema));
  return {
    model,
    input,
    weightsKey: best.weightsKey,
    digest: best.digest,
    sources: [
      {
        kind: 'run',
        runId: run.id,
        number,
        name,
        projectId: project.id,
        project: project.name,
        team: project.team.name,
        epoch: best.epoch,
        dataset: dataset.name,
        contentDigest: dataset.contentDigest,
        splitDigest: dataset.splitDigest,
        ...taken({ model, input }, cutAfter),
        weightsDigest: best.digest,
      },
      ...before,
    ],
  };
}

async function findModel(
  db: Db,
  actor: Actor,
  { teamId }: ProjectAccess,
  id: string,
  cutAfter: string | null,
): Promise<FoundSource> {
  const model = await db.prisma.importedModel.findFirst({
    where: { id: uuidOr(id), project: ownProjects(actor, teamId) },
  });
  if (!model) throw notFound('model');
  const { name, filename, format, digest, weightsKey, weightsDigest } = model;
  const spec = importedSpecSchema.parse(model.spec);
  const file = { name, filename, format, fileDigest: digest, weightsDigest };
  return {
    ...spec,
    weightsKey,
    digest: weightsDigest,
    sources: [{ kind: 'model', modelId: model.id, ...file, ...taken(spec, cutAfter) }],
  };
}

function taken({ model, input }: SourceModel, cutAfter: string | null) {
  return { cutAfter, layers: weightsTaken(planModel(model, input), cutAfter).map((layer) => layer.name) };
}
