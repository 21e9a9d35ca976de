import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { TokenScope } from '#db/generated/enums.ts';
import { requirePerson, requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { hashToken, newToken, tokenPrefix } from './token-format.ts';

const MAX_LIVE = 100;

/** @returns the token itself, for the one time that it is shown; only its digest is kept */
export async function createToken(
  db: Db,
  actor: Actor,
  input: { name: string; scopes: TokenScope[]; projectId: string | null; days: number | null },
  now = new Date(),
): Promise<{ id: string; token: string }> {
  requirePerson(actor);
  const projectId =
    input.projectId === null ? null : (await requireProject(db, actor, input.projectId, 'read')).projectId;
  if ((await db.prisma.apiToken.count({ where: { userId: actor.userId, revokedAt: null } })) >= MAX_LIVE) {
    throw new AppError('conflict', `You have ${MAX_LIVE} tokens. Revoke one that you no longer need.`);
  }
  const token = newToken();
  const { id } = await db.prisma.apiToken.create({
    data: {
      userId: actor.userId,
      name: input.name,
      prefix: tokenPrefix(token),
      hash: hashToken(token),
      scopes: [...new Set(input.scopes)],
      projectId,
      expiresAt: input.days === null ? null : new Date(now.getTime() + input.days * 86_400_000),
    },
    select: { id: true },
  });
  return { id, token };
}
