import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

/** The person's tokens that are not revoked, the newest first; expired ones stay in the list and say so. */
export async function listTokens(db: Db, actor: Actor) {
  requirePerson(actor);
  return db.prisma.apiToken.findMany({
    where: { userId: actor.userId, revokedAt: null },
    orderBy: { id: 'desc' },
    select: {
      id: true,
      name: true,
      prefix: true,
      scopes: true,
      createdAt: true,
      expiresAt: true,
      lastUsedAt: true,
      project: { select: { id: true, name: true } },
    },
  });
}
