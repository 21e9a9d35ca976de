import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'holdout_';

/** 256 random bits, for links that are used once or a few times (set-up, invites). */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url');
}

/** As newLinkToken; the prefix lets secret scanners recognise a leaked API token. */
export function newToken(): string {
  return PREFIX + newLinkToken();
}

/** SHA-256. A fast hash is enough: nobody guesses 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function looksLikeToken(value: string): boolean {
  return /^holdout_[\w-]{43}$/.test(value);
}

/** What lists show of a token. */
export function tokenPrefix(token: string): string {
  return token.slice(0, PREFIX.length + 6);
}
