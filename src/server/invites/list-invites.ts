import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

/** Links of the course that can still be used, the newest first. */
export async function listInvites(db: Db, actor: Actor, courseId: string, now = new Date()) {
  requirePerson(actor);
  const access = await requireCourse(db, actor, courseId, 'instructor');
  const rows = await db.prisma.invite.findMany({
    where: { courseId: access.courseId, revokedAt: null, expiresAt: { gt: now } },
    orderBy: { id: 'desc' },
    select: {
      id: true,
      role: true,
      maxUses: true,
      uses: true,
      createdAt: true,
      expiresAt: true,
      team: { select: { id: true, name: true } },
      createdBy: { select: { name: true } },
    },
  });
  return rows.filter((row) => row.uses < row.maxUses);
}
