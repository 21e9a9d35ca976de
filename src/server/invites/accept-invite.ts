import { AppError } from '#core/errors.ts';
import type { Db, Prisma } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';
import { hashPassword } from '../people/password.ts';
import { hashToken } from '../tokens/token-format.ts';
import { deadInvite, readInvite } from './read-invite.ts';

/**
 * Someone who is signed in joins. Who is in the course already keeps the role and uses nothing up; a student without a
 * team gets the link's.
 * @throws AppError not_found for a dead link
 */
export async function acceptInvite(
  db: Db,
  actor: Actor,
  token: string,
  now = new Date(),
): Promise<{ courseId: string }> {
  requirePerson(actor);
  return db.prisma.$transaction((tx) => join(tx, actor.userId, token, now));
}

/**
 * A new account through the link, and the place in the course: both or neither.
 * @throws AppError not_found for a dead link, conflict when the e-mail has an account
 */
export async function acceptInviteAsNew(
  db: Db,
  input: { token: string; name: string; email: string; password: string },
  now = new Date(),
): Promise<{ userId: string; courseId: string }> {
  await readInvite(db, input.token, now); // no hashing for strangers
  const passwordHash = await hashPassword(input.password);
  return db.prisma.$transaction(async (tx) => {
    const [user] = await tx.user.createManyAndReturn({
      data: [{ name: input.name, email: input.email, passwordHash }],
      skipDuplicates: true,
      select: { id: true },
    });
    if (!user) {
      const message = 'There is an account with this e-mail address. Sign in, then open this link again.';
      throw new AppError('conflict', message, { items: [{ path: 'email', message }] });
    }
    return { userId: user.id, ...(await join(tx, user.id, input.token, now)) };
  });
}

async function join(tx: Prisma.TransactionClient, userId: string, token: string, now: Date) {
  const tokenHash = hashToken(token);
  const invite = await tx.invite.findFirst({
    where: { tokenHash, revokedAt: null, expiresAt: { gt: now } },
    select: { courseId: true, teamId: true, role: true, maxUses: true, uses: true },
  });
  if (!invite) throw deadInvite();
  const { courseId, teamId, role } = invite;
  const joined = await tx.courseMember.createMany({ data: [{ courseId, userId, role, teamId }], skipDuplicates: true });
  if (joined.count === 0) {
    if (teamId !== null) {
      await tx.courseMember.updateMany({
        where: { courseId, userId, role: 'student', teamId: null },
        data: { teamId },
      });
    }
    return { courseId };
  }
  // The one statement that counts: two people with the last place can't both pass it.
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    UPDATE "Invite" SET uses = uses + 1
    WHERE "tokenHash" = ${tokenHash} AND uses < "maxUses" AND "revokedAt" IS NULL AND "expiresAt" > ${now}
    RETURNING id`;
  if (!taken) throw deadInvite();
  return { courseId };
}
