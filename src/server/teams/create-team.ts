import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';
import { orTaken } from '../unique.ts';

export async function createTeam(
  db: Db,
  actor: Actor,
  input: { courseId: string; name: string },
): Promise<{ id: string }> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  return orTaken(
    db.prisma.team.create({ data: { courseId, name: input.name }, select: { id: true } }),
    `The course has a team "${input.name}" already.`,
  );
}
