import { AppError } from '#core/errors.ts';
import { newAccount } from '#core/people/inputs.ts';
import type { Db } from '#db/client.ts';
import type { Env } from '#env';
import { hashPassword } from '../people/password.ts';
import { hashToken } from '../tokens/token-format.ts';
import { orTaken } from '../unique.ts';
import { hasAdministrator } from './ensure-setup-link.ts';

/** Whether the link may still be used: one that was printed before HOLDOUT_ADMIN_EMAIL made an administrator may not. */
export async function isSetupTokenValid(db: Db, token: string): Promise<boolean> {
  const unused = await db.prisma.setupLink.count({ where: { tokenHash: hashToken(token), usedAt: null } });
  return unused > 0 && !(await hasAdministrator(db));
}

/**
 * Uses the link up and creates the administrator, both or neither.
 * @throws AppError forbidden when the link was used, replaced or made up, conflict when the e-mail has an account
 */
export async function createAdmin(
  db: Db,
  input: { token: string; name: string; email: string; password: string },
  now = new Date(),
): Promise<string> {
  const refused = () =>
    new AppError('forbidden', 'This link is no longer valid. Use the newest one that npm start has printed.');
  if (!(await isSetupTokenValid(db, input.token))) throw refused(); // no hashing for strangers
  const passwordHash = await hashPassword(input.password);
  const created = db.prisma.$transaction(async (tx) => {
    const used = await tx.setupLink.updateMany({
      where: { tokenHash: hashToken(input.token), usedAt: null },
      data: { usedAt: now },
    });
    if (used.count === 0) throw refused();
    const user = await tx.user.create({
      data: { name: input.name, email: input.email, passwordHash, isAdmin: true },
      select: { id: true },
    });
    return user.id;
  });
  // Who came in by single sign-on before there was an administrator.
  return orTaken(created, 'There is an account with this e-mail address. Take another for the administrator.', 'email');
}

/**
 * For scripts: HOLDOUT_ADMIN_EMAIL and HOLDOUT_ADMIN_PASSWORD on an empty database.
 * @returns whether it created one; later starts leave everything as it is
 * @throws Error with a sentence for the operator
 */
export async function createAdminFromEnv(
  db: Db,
  env: Pick<Env, 'HOLDOUT_ADMIN_EMAIL' | 'HOLDOUT_ADMIN_PASSWORD'>,
): Promise<boolean> {
  const { HOLDOUT_ADMIN_EMAIL: address, HOLDOUT_ADMIN_PASSWORD: secret } = env;
  if (address === undefined && secret === undefined) return false;
  if (address === undefined || secret === undefined) {
    throw new Error('HOLDOUT_ADMIN_EMAIL and HOLDOUT_ADMIN_PASSWORD must be set together.');
  }
  if ((await db.prisma.user.findFirst({ select: { id: true } })) !== null) return false;
  const account = newAccount.parse({ name: 'Administrator', email: address, password: secret });
  const passwordHash = await hashPassword(account.password);
  await db.prisma.user.createMany({
    data: [{ name: account.name, email: account.email, passwordHash, isAdmin: true }],
    skipDuplicates: true, // two processes that start at once
  });
  return true;
}
