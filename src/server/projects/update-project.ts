import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requirePerson, requireProject } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import type { Actor } from '../actor.ts';
import { orTaken } from '../unique.ts';

/** Members of the team, and instructors of its course, name and archive a project. */
async function requireManager(db: Db, actor: Actor, projectId: string) {
  requirePerson(actor);
  const access = await requireProject(db, actor, projectId, 'read');
  if (!access.inTeam && access.role !== 'instructor' && !actor.isAdmin) {
    throw new AppError('forbidden', 'Only members of the team and instructors of the course can do this.');
  }
  return access;
}

export async function renameProject(db: Db, actor: Actor, input: { projectId: string; name: string }): Promise<void> {
  const access = await requireManager(db, actor, input.projectId);
  if (access.projectName === input.name) return;
  await orTaken(
    db.prisma.project.update({ where: { id: access.projectId }, data: { name: input.name } }),
    `The team has a project "${input.name}" already.`,
  );
  await recordActivity(db.prisma, {
    projectId: access.projectId,
    userId: actor.userId,
    kind: 'project.renamed',
    detail: { from: access.projectName, to: input.name },
  });
}

/**
 * An archived project can be read but not changed, and leaves the rail. Nothing is deleted.
 * @throws AppError conflict while runs of it wait or train
 */
export async function archiveProject(
  db: Db,
  actor: Actor,
  input: { projectId: string; archived: boolean },
  now = new Date(),
): Promise<void> {
  const access = await requireManager(db, actor, input.projectId);
  if (input.archived) {
    const busy = await db.prisma.run.count({
      where: { projectId: access.projectId, state: { in: ['queued', 'running'] } },
    });
    if (busy > 0) {
      throw new AppError(
        'conflict',
        `${busy} ${busy === 1 ? 'run waits or trains' : 'runs wait or train'}. Stop ${busy === 1 ? 'it' : 'them'} first.`,
      );
    }
  }
  const { count } = await db.prisma.project.updateMany({
    where: { id: access.projectId, archivedAt: input.archived ? null : { not: null } },
    data: { archivedAt: input.archived ? now : null },
  });
  if (count === 0) return;
  await recordActivity(db.prisma, {
    projectId: access.projectId,
    userId: actor.userId,
    kind: input.archived ? 'project.archived' : 'project.restored',
  });
}
