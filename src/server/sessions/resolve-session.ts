import type { Db } from '#db/client.ts';
import { uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';

/** A row is written at most this often a session: last seen is shown to the minute. */
const TOUCH_MS = 60_000;

/** The person behind a session, or null when it was revoked, ran out, or the account is closed. One query a request. */
export async function resolveSession(db: Db, sessionId: string, now = new Date()): Promise<Actor | null> {
  const session = await db.prisma.session.findUnique({
    where: { id: uuidOr(sessionId) },
    select: {
      id: true,
      userId: true,
      revokedAt: true,
      expiresAt: true,
      lastSeenAt: true,
      user: { select: { isAdmin: true, disabledAt: true } },
    },
  });
  if (!session || session.revokedAt || session.expiresAt <= now || session.user.disabledAt) return null;
  if (now.getTime() - session.lastSeenAt.getTime() > TOUCH_MS) {
    await db.prisma.session.updateMany({ where: { id: session.id }, data: { lastSeenAt: now } });
  }
  return {
    userId: session.userId,
    isAdmin: session.user.isAdmin,
    via: { kind: 'session', sessionId: session.id },
  };
}
