import { type NextRequest, NextResponse } from 'next/server';
import { env } from '#env';

/**
 * A Content-Security-Policy with a fresh nonce for each page. Next puts the nonce on its own scripts.
 * Style attributes that React renders on the server need 'unsafe-inline' for styles.
 */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID());
  const development = env().NODE_ENV === 'development';
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  // Where to come back to after signing in: a layout isn't told its path.
  headers.set('x-holdout-path', request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

/** Pages only: a proxy in front of uploads cuts bodies off at 10 MB without an error. */
export const config = { matcher: '/((?!api/|_next/|favicon).*)' };
