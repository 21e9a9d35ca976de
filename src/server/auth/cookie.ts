import { decode } from 'next-auth/jwt';
import { env } from '#env';

/**
 * Cookies ignore ports, so the name carries it: two servers on one machine don't sign each other's people out.
 * __Secure- makes browsers refuse the cookie on plain HTTP.
 */
export function sessionCookieName(): string {
  const { baseUrl, PORT } = env();
  const secure = baseUrl.startsWith('https:');
  return secure ? '__Secure-holdout-session' : `holdout-session-${PORT}`;
}

/** @throws Error with a sentence for the operator when HOLDOUT_SECRET is missing */
export function authSecret(): string {
  const secret = env().HOLDOUT_SECRET;
  if (!secret) throw new Error('HOLDOUT_SECRET is not set. Give it 32 random characters or more: openssl rand -hex 32');
  return secret;
}

/** Id of the session row that the request's cookie names, or null. A forged or stale cookie reads as none. */
export async function sessionIdOf(headers: Headers): Promise<string | null> {
  const name = `${sessionCookieName()}=`;
  const pair = headers
    .get('cookie')
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(name));
  if (!pair) return null;
  try {
    const token = await decode({ token: decodeURIComponent(pair.slice(name.length)), secret: authSecret() });
    return typeof token?.sid === 'string' ? token.sid : null;
  } catch {
    return null; // not ours: another secret, cut short, or made up
  }
}
