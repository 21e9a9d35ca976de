import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import type { Provider } from 'next-auth/providers/index';
import { AppError } from '#core/errors.ts';
import { env } from '#env';
import { db } from '../db.ts';
import { signIn } from '../sessions/sign-in.ts';
import { signInWithOidc } from '../sessions/sign-in-oidc.ts';
import { SESSION_DAYS, visitorOf } from '../sessions/start-session.ts';
import { authSecret, sessionCookieName } from './cookie.ts';
import { oidcProvider } from './oidc-provider.ts';

interface SignedIn {
  id: string;
  sid?: string;
}

/** Words for the sign-in page; what isn't ours is logged with an id and masked. */
function forPerson(error: unknown): Error {
  if (error instanceof AppError) return new Error(error.message);
  const id = crypto.randomUUID().slice(0, 8);
  console.error(`[error ${id}] sign-in`, error);
  return new Error(`Something broke here. It is in the log as ${id}.`);
}

/**
 * next-auth does the protocols (cookies, CSRF token, OpenID Connect); who somebody is and whether the session still
 * holds is decided by our own rows. The signed cookie carries nothing but the session row's id.
 */
export function authOptions(headers: Headers): NextAuthOptions {
  const { baseUrl } = env();
  const secure = baseUrl.startsWith('https:');
  const providers: Provider[] = [
    Credentials({
      credentials: { email: {}, password: {} },
      async authorize(credentials) {
        try {
          const { userId, sessionId } = await signIn(
            db(),
            { email: credentials?.email ?? '', password: credentials?.password ?? '' },
            visitorOf(headers),
          );
          return { id: userId, sid: sessionId } satisfies SignedIn;
        } catch (error) {
          throw forPerson(error);
        }
      },
    }),
  ];
  const oidc = oidcProvider(env());
  if (oidc) providers.push(oidc);

  return {
    providers,
    secret: authSecret(),
    session: { strategy: 'jwt', maxAge: SESSION_DAYS * 86_400 },
    pages: { signIn: '/signin', error: '/signin' },
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.type !== 'oauth') return true;
        const claims = profile as {
          sub: string;
          iss?: string;
          email?: string;
          email_verified?: unknown;
          name?: string;
        };
        try {
          const { sessionId } = await signInWithOidc(
            db(),
            {
              provider: env().OIDC_ISSUER ?? '',
              subject: claims.sub,
              email: claims.email ?? null,
              emailVerified: claims.email_verified === true,
              name: claims.name ?? null,
            },
            visitorOf(headers),
          );
          (user as SignedIn).sid = sessionId;
          return true;
        } catch (error) {
          return `/signin?message=${encodeURIComponent(forPerson(error).message)}`;
        }
      },
      jwt({ token, user }) {
        const sid = (user as SignedIn | undefined)?.sid ?? token.sid;
        return { sid };
      },
      // The pages ask our own procedures who somebody is; next-auth's session endpoint tells nothing.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sid !== 'string') return;
        await db().prisma.session.updateMany({
          where: { id: token.sid, revokedAt: null },
          data: { revokedAt: new Date() },
        });
      },
    },
    logger: {
      error: (code, metadata) => {
        if (code !== 'JWT_SESSION_ERROR') console.error(`[sign-in] ${code}`, metadata);
      },
    },
  };
}
