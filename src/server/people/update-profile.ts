import type { Db } from '#db/client.ts';
import { requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';

export async function updateProfile(db: Db, actor: Actor, input: { name: string }): Promise<void> {
  requirePerson(actor);
  await db.prisma.user.update({ where: { id: actor.userId }, data: { name: input.name } });
}
