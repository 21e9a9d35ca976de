import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';

export const WINDOW_MINUTES = 15;
/** Failures in the window, after which an e-mail address, or a network address, must wait. */
export const MAX_PER_EMAIL = 8;
export const MAX_PER_ADDRESS = 40;

/**
 * Counts this attempt as failed before the password is looked at, so that attempts at the same instant can't all
 * slip under the limit; `forgive` takes it back when the password was right. A refused attempt leaves no row, so
 * knocking on does not prolong the wait.
 * @throws AppError too_many
 */
export async function throttle(
  db: Db,
  email: string,
  ip: string,
  now = new Date(),
): Promise<{ forgive(): Promise<void> }> {
  const keys = [
    { key: `email:${email}`, max: MAX_PER_EMAIL },
    ...(ip ? [{ key: `address:${ip}`, max: MAX_PER_ADDRESS }] : []),
  ];
  const since = new Date(now.getTime() - WINDOW_MINUTES * 60_000);
  await db.prisma.signInFailure.deleteMany({ where: { at: { lt: since } } });
  const mine = await db.prisma.signInFailure.createManyAndReturn({
    data: keys.map(({ key }) => ({ key, at: now })),
    select: { id: true, key: true },
  });
  for (const { key, max } of keys) {
    const within = await db.prisma.signInFailure.findMany({
      where: { key, at: { gte: since } },
      orderBy: { at: 'asc' },
      select: { at: true },
      take: max + 1,
    });
    if (within.length <= max) continue;
    await db.prisma.signInFailure.deleteMany({ where: { id: { in: mine.map((row) => row.id) } } });
    const wait = within[0]!.at.getTime() + WINDOW_MINUTES * 60_000 - now.getTime();
    const minutes = Math.max(1, Math.ceil(wait / 60_000));
    throw new AppError(
      'too_many',
      `Too many failed sign-ins. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    );
  }
  return {
    async forgive() {
      await db.prisma.signInFailure.deleteMany({
        where: { OR: [{ key: `email:${email}` }, { id: { in: mine.map((row) => row.id) } }] },
      });
    },
  };
}
