import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'holdout_';

/** 256 random bits; the prefix lets secret scanners recognise a leaked token. */
export function newToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** A fast hash is enough: nobody guesses 256 random bits. */
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
