import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

export async function getAccount(db: Db, actor: Actor) {
  requirePerson(actor);
  const { passwordHash, identities, ...user } = await db.prisma.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: {
      name: true,
      email: true,
      isAdmin: true,
      createdAt: true,
      passwordHash: true,
      identities: { select: { provider: true } },
    },
  });
  return { ...user, hasPassword: passwordHash !== null, providers: identities.map(({ provider }) => provider) };
}
