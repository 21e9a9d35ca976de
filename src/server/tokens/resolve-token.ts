import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';
import { hashToken, looksLikeToken } from './token-format.ts';

/** Last use is written at most this often a token. */
const TOUCH_MS = 60_000;

/** The actor that an API token stands for, or null when it is unknown, revoked, expired, or its person's account is closed. */
export async function resolveToken(db: Db, token: string, now = new Date()): Promise<Actor | null> {
  if (!looksLikeToken(token)) return null;
  const row = await db.prisma.apiToken.findUnique({
    where: { hash: hashToken(token) },
    include: { user: { select: { isAdmin: true, disabledAt: true } } },
  });
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now) || row.user.disabledAt) return null;
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > TOUCH_MS) {
    await db.prisma.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } });
  }
  return {
    userId: row.userId,
    isAdmin: row.user.isAdmin,
    via: { kind: 'token', tokenId: row.id, scopes: row.scopes, projectId: row.projectId },
  };
}
