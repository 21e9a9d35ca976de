import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';
import { throttle } from '../sessions/throttle.ts';
import { hashPassword, verifyPassword } from './password.ts';

/**
 * Ends every other session: whoever knew the old password is out. Someone who only signs in through a provider may set a
 * first password without a current one.
 * @throws AppError bad_request when the current password is wrong, too_many
 */
export async function changePassword(
  db: Db,
  actor: Actor,
  input: { current: string; next: string },
  now = new Date(),
): Promise<void> {
  const sessionId = requirePerson(actor);
  const user = await db.prisma.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { email: true, passwordHash: true },
  });
  if (user.passwordHash !== null) {
    const { forgive } = await throttle(db, user.email, '', now);
    if (!(await verifyPassword(user.passwordHash, input.current))) {
      throw new AppError('bad_request', 'The current password is not right.', {
        items: [{ path: 'current', message: 'This is not your current password.' }],
      });
    }
    await forgive();
  }
  const passwordHash = await hashPassword(input.next);
  await db.prisma.$transaction([
    db.prisma.user.update({ where: { id: actor.userId }, data: { passwordHash } }),
    db.prisma.session.updateMany({
      where: { userId: actor.userId, revokedAt: null, id: { not: sessionId } },
      data: { revokedAt: now },
    }),
  ]);
}
