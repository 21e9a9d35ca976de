import type { Db } from '#db/client.ts';
import { hashToken, newLinkToken } from '../tokens/token-format.ts';

/**
 * A fresh one-time token for /setup?token=..., or null when there is an administrator. Only its digest is kept, so an
 * earlier link that nobody used is replaced: the one printed last works.
 */
export async function ensureSetupLink(db: Db): Promise<string | null> {
  if (await hasAdministrator(db)) return null;
  const token = newLinkToken();
  await db.prisma.$transaction([
    db.prisma.setupLink.deleteMany({ where: { usedAt: null } }),
    db.prisma.setupLink.create({ data: { tokenHash: hashToken(token) } }),
  ]);
  return token;
}

export async function hasAdministrator(db: Db): Promise<boolean> {
  return (await db.prisma.user.findFirst({ where: { isAdmin: true }, select: { id: true } })) !== null;
}
