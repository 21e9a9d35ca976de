import { AppError } from '#core/errors.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import type { RemedyContext } from '#core/remedies/index.ts';
import { otherSources } from '#core/remedies/transfer.ts';
import { type NamedSource, usualCut } from '#core/transfer/new-head.ts';
import { rankSources } from '#core/transfer/rank-sources.ts';
import type { Db } from '#db/client.ts';
import type { ProjectAccess } from '../access.ts';
import type { Actor } from '../actor.ts';
import { findSource } from '../transfer/find-source.ts';
import { listSources } from '../transfer/list-sources.ts';

/**
 * What a copy of a run of this project may start from: the one that was chosen, else what learned on other items and has the run's own
 * layers, best first. Another model is taken over only by choice: it is more than one change.
 * @throws AppError as findSource does, conflict too for what learned from this project's own items or has no layer that fits, and
 * where only other models fit and none was chosen
 */
export async function transferSources(
  db: Db,
  actor: Actor,
  access: ProjectAccess,
  model: ModelSpec,
  { input, task }: RemedyContext,
  source: NamedSource['source'] | undefined,
): Promise<NamedSource[]> {
  const { projectId } = access;
  if (!source) {
    const others = otherSources(await listSources(db, actor, projectId), projectId);
    const { alike, other } = rankSources(others, model, input, task);
    if (alike.length === 0 && other.length > 0)
      throw new AppError(
        'conflict',
        'Nothing that it could start from has this run’s layers, so transfer learning would take over another model as well. Name the source: "holdout run sources" and GET /projects/{id}/sources list them.',
      );
    return alike;
  }
  const found = await findSource(db, actor, access, { source, cutAfter: null });
  const own = found.sources[0]!;
  if (own.kind === 'run' && own.projectId === projectId)
    throw new AppError(
      'conflict',
      `"${own.name}" learned from this project’s items, so a copy that starts from it would only have trained longer. Choose a run of another project or an upload.`,
    );
  if (usualCut(found, input, task) === null)
    throw new AppError('conflict', `No layer of "${own.name}" fits the items of this run. Choose another source.`);
  return [{ ...found, source }];
}
