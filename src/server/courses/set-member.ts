import { AppError, notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { CourseRole } from '#db/generated/enums.ts';
import { requireCourse, requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';

/**
 * Changes a member's role or team (null: no team). Whoever moves loses sight of the old team's projects at once.
 * @throws AppError conflict when the course would have no instructor left
 */
export async function setMember(
  db: Db,
  actor: Actor,
  input: { courseId: string; userId: string; role?: CourseRole | undefined; teamId?: string | null | undefined },
): Promise<void> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  const userId = uuidOr(input.userId);
  await db.prisma.$transaction(async (tx) => {
    // Two instructors who demote each other at once must not leave the course without one.
    await tx.$queryRaw`SELECT id FROM "Course" WHERE id = ${courseId}::uuid FOR UPDATE`;
    const member = await tx.courseMember.findUnique({ where: { courseId_userId: { courseId, userId } } });
    if (!member) throw notFound('member');
    if (input.teamId) {
      const team = await tx.team.findFirst({ where: { id: uuidOr(input.teamId), courseId }, select: { id: true } });
      if (!team) throw notFound('team');
    }
    if (member.role === 'instructor' && input.role !== undefined && input.role !== 'instructor') {
      const others = await tx.courseMember.count({ where: { courseId, role: 'instructor', userId: { not: userId } } });
      if (others === 0) throw lastInstructor();
    }
    await tx.courseMember.update({
      where: { courseId_userId: { courseId, userId } },
      data: {
        ...(input.role === undefined ? {} : { role: input.role }),
        ...(input.teamId === undefined ? {} : { teamId: input.teamId }),
      },
    });
  });
}

/** The person keeps the account and what the team has made; API tokens of theirs reach the course no more. */
export async function removeMember(db: Db, actor: Actor, input: { courseId: string; userId: string }): Promise<void> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  const userId = uuidOr(input.userId);
  await db.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Course" WHERE id = ${courseId}::uuid FOR UPDATE`;
    const member = await tx.courseMember.findUnique({ where: { courseId_userId: { courseId, userId } } });
    if (!member) throw notFound('member');
    if (member.role === 'instructor') {
      const others = await tx.courseMember.count({ where: { courseId, role: 'instructor', userId: { not: userId } } });
      if (others === 0) throw lastInstructor();
    }
    await tx.courseMember.delete({ where: { courseId_userId: { courseId, userId } } });
  });
}

function lastInstructor(): AppError {
  return new AppError('conflict', 'A course needs an instructor. Make somebody else one first.');
}
