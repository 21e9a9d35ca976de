import { createHash } from 'node:crypto';
import { z } from 'zod';
import { datasetSchema, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { AppError, notFound } from '#core/errors.ts';
import { isCheck, MODE_WORDS } from '#core/run/modes.ts';
import { canonicalJson } from '#core/seal/canonical.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db, Prisma } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { COMMIT_OPENING } from '#db/sql/openings.ts';
import { transaction } from '#db/sql/transaction.ts';
import { requireProject, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Metrics } from '../runs/run-view.ts';
import { readStoredConfig } from '../runs/run-view.ts';
import { type OpeningView, readOpening } from './read-opening.ts';

export const commitFinalInput = z.object({
  projectId: z.string(),
  runId: z.string(),
  /** the project's name, letter for letter */
  confirmation: z.string(),
  /** whose weights, where the run keeps more than its best; default: the best epoch's */
  epoch: z.int().min(1).optional(),
});

/**
 * Commits the project to one run's best weights, or to those of another epoch that it keeps; the referee then opens the test part. Happens once a project: whoever comes
 * second, at the same instant or years later, gets the first opening with `already: true`, whichever run they named.
 * The weights are copied first, so that what is committed can't be cleaned up with its run.
 * @throws AppError not_found, forbidden (not a member of the team, or a token without `submit`), bad_request (name not typed),
 * conflict (nothing sealed, or the run has no weights that can be final)
 */
export async function commitFinal(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  input: z.infer<typeof commitFinalInput>,
): Promise<{ opening: OpeningView; already: boolean }> {
  const access = await requireProject(db, actor, input.projectId, 'submit');
  if (input.confirmation !== access.projectName) {
    const message = `Type the project's name exactly as it is written: ${access.projectName}`;
    throw new AppError('bad_request', message, { items: [{ path: 'confirmation', message }] });
  }
  const first = await readOpening(db, access.projectId);
  if (first) return { opening: first, already: true };

  const run = await committableRun(db, access.projectId, input.runId, input.epoch);
  const key = `openings/${access.projectId}/${run.digest}.safetensors`;
  const weights = await blobs.get(run.weightsKey);
  if (createHash('sha256').update(weights).digest('hex') !== run.digest) {
    throw new AppError(
      'conflict',
      `The stored weights of run ${run.name} are damaged: they don't fit their digest. Choose another run.`,
    );
  }
  await blobs.put(key, weights);

  const inserted = await transaction(db.pool, async (client) => {
    const { rowCount } = await client.query(COMMIT_OPENING, [
      access.projectId,
      run.id,
      run.digest,
      key,
      run.configDigest,
      run.epoch,
      run.validation,
      run.n,
      actor.userId,
    ]);
    if (rowCount === 0) return false;
    await client.query('INSERT INTO "Activity" ("projectId", "userId", kind, detail) VALUES ($1, $2, $3, $4)', [
      access.projectId,
      actor.userId,
      'test.committed',
      { runId: run.id, number: run.number, name: run.name },
    ]);
    await notify(client, { topic: 'opening', id: access.projectId, projectId: access.projectId });
    await notify(client, { topic: 'project', id: access.projectId, projectId: access.projectId });
    return true;
  });

  const opening = await readOpening(db, access.projectId);
  if (!opening) throw new Error(`The opening of project ${access.projectId} was inserted but is not there.`);
  // Another run won at the same instant: this copy stands for nothing.
  if (!inserted && opening.weightsDigest !== run.digest) await blobs.delete(key);
  return { opening, already: !inserted };
}

async function committableRun(db: Db, projectId: string, runId: string, epoch: number | undefined) {
  const run = await db.prisma.run.findFirst({
    where: { id: uuidOr(runId), projectId },
    include: {
      checkpoints: { where: { kind: 'best' } },
      kept: { orderBy: { epoch: 'asc' } },
      dataset: { select: { state: true, schema: true, sealedPart: { select: { n: true } } } },
    },
  });
  if (!run) throw notFound('run');
  const n = run.dataset.state === 'sealed' ? run.dataset.sealedPart?.n : undefined;
  if (n === undefined) throw new AppError('conflict', 'The data set of this run has no sealed test part.');
  const config = readStoredConfig(run.config);
  if (isCheck(config)) {
    const what = MODE_WORDS[config.mode].name.toLowerCase();
    throw new AppError('conflict', `Run ${run.name} is a check (${what}), not a training. Choose a run that trained.`);
  }
  if (run.state !== 'finished' && run.state !== 'stopped') {
    throw new AppError('conflict', `Run ${run.name} is ${run.state}. A final run must have finished or been stopped.`);
  }
  const best = run.checkpoints[0];
  if (!best || run.bestValue === null || !Number.isFinite(run.bestValue)) {
    throw new AppError('conflict', `Run ${run.name} kept no best weights with a validation value. Choose another run.`);
  }
  const chosen =
    epoch === undefined || epoch === best.epoch
      ? { ...best, validation: run.bestValue }
      : keptAt(run, best.epoch, epoch);
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    n,
    epoch: chosen.epoch,
    digest: chosen.digest,
    weightsKey: chosen.weightsKey,
    validation: chosen.validation,
    configDigest: createHash('sha256').update(canonicalJson(run.config)).digest('hex'),
  };
}

type KeptCheckpoint = Prisma.KeptCheckpointGetPayload<object>;

function keptAt(
  run: { name: string; kept: KeptCheckpoint[]; dataset: { schema: unknown } },
  best: number,
  epoch: number,
): KeptCheckpoint & { validation: number } {
  const kept = run.kept.find((each) => each.epoch === epoch);
  const epochs = [...new Set([best, ...run.kept.map((each) => each.epoch)])].sort((a, b) => a - b);
  if (!kept)
    throw new AppError(
      'conflict',
      `Run ${run.name} keeps no weights of epoch ${epoch}. It keeps: ${epochs.join(', ')}.`,
    );
  const { name } = leadMetric(taskOf(datasetSchema.parse(run.dataset.schema)));
  const validation = (kept.metrics as Metrics)[`${name}/validation`];
  if (typeof validation !== 'number')
    throw new AppError('conflict', `Epoch ${epoch} of run ${run.name} has no validation value. Choose another one.`);
  return { ...kept, validation };
}
