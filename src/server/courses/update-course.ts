import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

export async function updateCourse(
  db: Db,
  actor: Actor,
  input: { courseId: string; name: string; term: string },
): Promise<void> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  await db.prisma.course.update({ where: { id: courseId }, data: { name: input.name, term: input.term } });
}
