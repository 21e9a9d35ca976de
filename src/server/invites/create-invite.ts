import { AppError, notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { CourseRole } from '#db/generated/enums.ts';
import { requireCourse, requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';
import { hashToken, newLinkToken } from '../tokens/token-format.ts';

/** @returns the token of the link, for the one time that it is shown; only its digest is kept */
export async function createInvite(
  db: Db,
  actor: Actor,
  input: { courseId: string; role: CourseRole; teamId: string | null; maxUses: number; days: number },
  now = new Date(),
): Promise<{ id: string; token: string }> {
  requirePerson(actor);
  const { courseId } = await requireCourse(db, actor, input.courseId, 'instructor');
  if (input.teamId !== null && input.role !== 'student') {
    throw new AppError('bad_request', 'Only students are invited into a team.', {
      items: [{ path: 'teamId', message: 'Leave the team empty for this role.' }],
    });
  }
  const team =
    input.teamId === null
      ? null
      : await db.prisma.team.findFirst({ where: { id: uuidOr(input.teamId), courseId }, select: { id: true } });
  if (input.teamId !== null && !team) throw notFound('team');
  const token = newLinkToken();
  const { id } = await db.prisma.invite.create({
    data: {
      tokenHash: hashToken(token),
      courseId,
      teamId: team?.id ?? null,
      role: input.role,
      maxUses: input.maxUses,
      createdById: actor.userId,
      expiresAt: new Date(now.getTime() + input.days * 86_400_000),
    },
    select: { id: true },
  });
  return { id, token };
}
