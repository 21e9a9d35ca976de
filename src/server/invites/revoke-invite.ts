import { notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';

export async function revokeInvite(
  db: Db,
  actor: Actor,
  input: { courseId: string; inviteId: string },
  now = new Date(),
): Promise<void> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  const { count } = await db.prisma.invite.updateMany({
    where: { id: uuidOr(input.inviteId), courseId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw notFound('invite');
}
