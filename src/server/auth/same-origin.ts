/**
 * Cross-site request forgery: browsers say where a request comes from. Sec-Fetch-Site where there is one,
 * else Origin against the host that was asked. Scripts send neither and carry no cookie that they weren't given.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = headers.get('origin');
  if (origin === null) return true;
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  return URL.canParse(origin) && new URL(origin).host === host;
}
