import { notFound } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requirePerson, uuidOr } from '../access.ts';
import type { Actor } from '../actor.ts';

export async function revokeToken(db: Db, actor: Actor, tokenId: string, now = new Date()): Promise<void> {
  requirePerson(actor);
  const { count } = await db.prisma.apiToken.updateMany({
    where: { id: uuidOr(tokenId), userId: actor.userId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw notFound('token');
}
