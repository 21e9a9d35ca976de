/** Where to go after signing in: a path of this server, or `/`. Anything that a browser would read as another host is dropped. */
export function safePath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/')) return '/';
  const here = 'http://holdout.invalid';
  if (!URL.canParse(value, here)) return '/';
  const url = new URL(value, here);
  return url.origin === here ? url.pathname + url.search + url.hash : '/';
}
