import { AppError } from '#core/errors.ts';
import { email as emailSchema } from '#core/people/inputs.ts';
import type { Db, Prisma } from '#db/client.ts';
import { startSession, type Visitor } from './start-session.ts';

/** What the provider vouches for (OpenID Connect Core 1.0, section 5.1). */
export interface OidcClaims {
  /** issuer URL */
  provider: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

/**
 * (provider, subject) is who somebody is. Only an e-mail that the provider has verified links to an account that
 * exists; anybody else new gets an account of their own, without courses, until they accept an invite.
 * @throws AppError conflict when an unverified e-mail belongs to an account, bad_request without an e-mail
 */
export async function signInWithOidc(
  db: Db,
  claims: OidcClaims,
  visitor: Visitor,
  now = new Date(),
): Promise<{ userId: string; sessionId: string }> {
  return db.prisma.$transaction(async (tx) => {
    const userId = await userOf(tx, claims);
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { disabledAt: true } });
    if (user.disabledAt) throw new AppError('unauthenticated', 'This account is closed. Ask an administrator.');
    return { userId, sessionId: await startSession(tx, userId, visitor, now) };
  });
}

async function userOf(tx: Prisma.TransactionClient, claims: OidcClaims): Promise<string> {
  const { provider, subject } = claims;
  const known = await tx.identity.findUnique({
    where: { provider_subject: { provider, subject } },
    select: { userId: true },
  });
  if (known) return known.userId;

  const email = emailSchema.safeParse(claims.email).data;
  if (email === undefined) {
    throw new AppError('bad_request', 'The sign-in service gave no e-mail address. Allow it the scope "email".');
  }
  const owner = await tx.user.findUnique({
    where: { email },
    select: { id: true, identities: { where: { provider }, select: { id: true } } },
  });
  if (owner && (!claims.emailVerified || owner.identities.length > 0)) {
    throw new AppError(
      'conflict',
      `There is an account for ${email} already, and the sign-in service does not vouch that it is yours. Sign in as before.`,
    );
  }
  const userId =
    owner?.id ??
    (await tx.user.create({ data: { email, name: claims.name?.trim().slice(0, 80) || email }, select: { id: true } }))
      .id;
  await tx.identity.create({ data: { userId, provider, subject } });
  return userId;
}
