import { AppError } from '#core/errors.ts';
import { email as emailSchema } from '#core/people/inputs.ts';
import type { Db } from '#db/client.ts';
import { verifyPassword } from '../people/password.ts';
import { startSession, type Visitor } from './start-session.ts';
import { throttle } from './throttle.ts';

/** @throws AppError unauthenticated (the same words and time for an unknown e-mail as for a wrong password), too_many */
export async function signIn(
  db: Db,
  input: { email: string; password: string },
  visitor: Visitor,
  now = new Date(),
): Promise<{ userId: string; sessionId: string }> {
  const refused = () => new AppError('unauthenticated', 'E-mail or password is not right.');
  const email = emailSchema.safeParse(input.email).data;
  if (email === undefined || input.password.length > 200) throw refused();
  const { forgive } = await throttle(db, email, visitor.ip, now);
  const user = await db.prisma.user.findUnique({
    where: { email },
    select: { id: true, passwordHash: true, disabledAt: true },
  });
  const right = await verifyPassword(user?.passwordHash ?? null, input.password);
  if (!user || !right || user.disabledAt) throw refused();
  await forgive();
  return { userId: user.id, sessionId: await startSession(db.prisma, user.id, visitor, now) };
}
