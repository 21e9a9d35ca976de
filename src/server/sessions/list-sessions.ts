import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

/** The person's live sessions, the newest first; `current` is the one that asks. */
export async function listSessions(db: Db, actor: Actor, now = new Date()) {
  const sessionId = requirePerson(actor);
  const rows = await db.prisma.session.findMany({
    where: { userId: actor.userId, revokedAt: null, expiresAt: { gt: now } },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, userAgent: true, ip: true, createdAt: true, lastSeenAt: true, expiresAt: true },
  });
  return rows.map((row) => ({ ...row, current: row.id === sessionId }));
}
