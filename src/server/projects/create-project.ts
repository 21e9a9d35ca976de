import { AppError, notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requireCourse, uuidOr } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import type { Actor } from '../actor.ts';
import { orTaken } from '../unique.ts';

/** Members of the team create its projects; staff may create one for a team. */
export async function createProject(
  db: Db,
  actor: Actor,
  input: { teamId: string; name: string },
): Promise<{ id: string; name: string }> {
  const team = await db.prisma.team.findUnique({
    where: { id: uuidOr(input.teamId) },
    select: { id: true, courseId: true },
  });
  if (!team) throw notFound('team');
  const access = await requireCourse(db, actor, team.courseId, 'member', 'run').catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'not_found' ? notFound('team') : error;
  });
  if (access.teamId !== team.id && !access.isStaff) throw notFound('team');
  const project = await orTaken(
    db.prisma.project.create({ data: { teamId: team.id, name: input.name }, select: { id: true, name: true } }),
    `The team has a project "${input.name}" already.`,
  );
  await recordActivity(db.prisma, { projectId: project.id, userId: actor.userId, kind: 'project.created' });
  return project;
}
