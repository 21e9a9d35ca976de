import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { hashToken } from '../tokens/token-format.ts';

/** One sentence for a link that was revoked, ran out, was used up or never existed: it tells a stranger nothing. */
export function deadInvite(): AppError {
  return new AppError('not_found', 'This invitation is no longer valid. Ask the person who sent it for a new link.');
}

/** What the bearer of the link may know before accepting. @throws AppError not_found */
export async function readInvite(db: Db, token: string, now = new Date()) {
  const invite = await db.prisma.invite.findUnique({
    where: { tokenHash: hashToken(token) },
    select: {
      role: true,
      maxUses: true,
      uses: true,
      expiresAt: true,
      revokedAt: true,
      course: { select: { id: true, name: true, term: true } },
      team: { select: { name: true } },
      createdBy: { select: { name: true } },
    },
  });
  if (!invite || invite.revokedAt || invite.expiresAt <= now || invite.uses >= invite.maxUses) throw deadInvite();
  const { role, course, team, createdBy, expiresAt } = invite;
  return { role, course, teamName: team?.name ?? null, from: createdBy.name, expiresAt };
}
