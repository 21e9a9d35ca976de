import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

/** Administrators and people who are instructors somewhere create courses, and are instructors of what they create. */
export async function createCourse(
  db: Db,
  actor: Actor,
  input: { name: string; term: string },
): Promise<{ id: string }> {
  requirePerson(actor);
  if (!(await mayCreateCourse(db, actor))) {
    throw new AppError('forbidden', 'Only administrators and instructors create courses.');
  }
  return db.prisma.course.create({
    data: { ...input, members: { create: { userId: actor.userId, role: 'instructor' } } },
    select: { id: true },
  });
}

export async function mayCreateCourse(db: Db, actor: Actor): Promise<boolean> {
  if (actor.isAdmin) return true;
  return (await db.prisma.courseMember.count({ where: { userId: actor.userId, role: 'instructor' } })) > 0;
}
