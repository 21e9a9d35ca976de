import type { Route } from './route.ts';

interface Match {
  route: Route;
  params: Record<string, string>;
}

/**
 * Finds the route of a path below /api/v1. O(routes), each a comparison of a few segments; a literal segment wins over a parameter.
 * @returns the match, or the methods that the path allows (none: there is no such path)
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | { allow: string[] } {
  const segments = path.split('/').filter(Boolean);
  let best: (Match & { literals: number }) | null = null;
  const allow = new Set<string>();
  for (const route of routes) {
    const found = matchPath(route.path, segments);
    if (!found) continue;
    allow.add(route.method);
    if (route.method === method && (!best || found.literals > best.literals)) best = { route, ...found };
  }
  return best ?? { allow: [...allow] };
}

function matchPath(pattern: string, segments: readonly string[]) {
  const parts = pattern.split('/').filter(Boolean);
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  let literals = 0;
  for (const [i, part] of parts.entries()) {
    const segment = segments[i]!;
    if (part.startsWith('{')) params[part.slice(1, -1)] = decode(segment);
    else if (part === segment) literals += 1;
    else return null;
  }
  return { params, literals };
}

/** A malformed escape is a name that nothing has, not an error of the server. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
