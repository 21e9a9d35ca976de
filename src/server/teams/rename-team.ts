import { notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { orTaken } from '../unique.ts';

export async function renameTeam(
  db: Db,
  actor: Actor,
  input: { courseId: string; teamId: string; name: string },
): Promise<void> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  const { count } = await orTaken(
    db.prisma.team.updateMany({ where: { id: uuidOr(input.teamId), courseId }, data: { name: input.name } }),
    `The course has a team "${input.name}" already.`,
  );
  if (count === 0) throw notFound('team');
}
