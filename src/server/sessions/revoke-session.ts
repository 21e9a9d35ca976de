import { notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';

/** Ends one session of the person's own; its next request is nobody's. */
export async function revokeSession(db: Db, actor: Actor, sessionId: string, now = new Date()): Promise<void> {
  requirePerson(actor);
  const { count } = await db.prisma.session.updateMany({
    where: { id: uuidOr(sessionId), userId: actor.userId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw notFound('session');
}

/** @returns how many other sessions ended */
export async function revokeOtherSessions(db: Db, actor: Actor, now = new Date()): Promise<number> {
  const current = requirePerson(actor);
  const { count } = await db.prisma.session.updateMany({
    where: { userId: actor.userId, revokedAt: null, id: { not: current } },
    data: { revokedAt: now },
  });
  return count;
}
