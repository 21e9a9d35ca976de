import { AppError } from '#core/errors.ts';
import { isOver } from '#core/run/lifecycle.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { forgetStartWeights, keepStartWeights } from '../transfer/keep-start-weights.ts';

/** Deletes a run that is over, with its series, log and weights. The run that the test part was opened with stays. */
export async function deleteRun(db: Db, blobs: BlobStore, actor: Actor, runId: string): Promise<void> {
  const access = await requireRun(db, actor, runId, 'run');
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: {
      state: true,
      number: true,
      name: true,
      epoch: true,
      openings: { select: { projectId: true } },
      lineage: { select: { weightsKey: true } },
      checkpoints: { where: { kind: 'best' }, select: { weightsKey: true, digest: true } },
    },
  });
  const final = () =>
    new AppError('conflict', 'This run is the final one of its project: the result rests on it, so it stays.');
  if (run.openings.length > 0) throw final();
  if (!isOver(run.state)) throw new AppError('conflict', 'This run is not over. Stop it first, then delete it.');
  const { number, name, epoch } = run;
  await db.prisma.$transaction([
    db.prisma.run.delete({ where: { id: access.runId } }),
    // Its looks at validation were taken: deleting what came of them must not make them untaken.
    db.prisma.activity.create({
      data: {
        projectId: access.projectId,
        userId: actor.userId,
        kind: 'run.deleted',
        detail: { number, name, epochs: epoch },
      },
    }),
  ]);
  for (const weights of run.checkpoints) await keepStartWeights(db, blobs, weights);
  if (run.lineage) await forgetStartWeights(db, blobs, run.lineage.weightsKey);
  await blobs.deleteAll(`runs/${access.runId}`);
  await notify(db.pool, { topic: 'run', id: access.runId, projectId: access.projectId });
}
