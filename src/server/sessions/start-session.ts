import type { Prisma } from '#db/client.ts';

export const SESSION_DAYS = 30;

/** Where a session came from, for the person's list. */
export interface Visitor {
  ip: string;
  userAgent: string;
}

/** The visitor behind a request. The address is the last that a proxy wrote, so a client can't choose it behind one. */
export function visitorOf(headers: Headers): Visitor {
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return { ip: (forwarded ?? '').slice(0, 64), userAgent: (headers.get('user-agent') ?? '').slice(0, 300) };
}

/** @returns the session's id, which the signed cookie carries */
export async function startSession(
  prisma: Pick<Prisma.TransactionClient, 'session'>,
  userId: string,
  visitor: Visitor,
  now = new Date(),
): Promise<string> {
  const session = await prisma.session.create({
    data: { userId, ...visitor, lastSeenAt: now, expiresAt: new Date(now.getTime() + SESSION_DAYS * 86_400_000) },
    select: { id: true },
  });
  return session.id;
}
