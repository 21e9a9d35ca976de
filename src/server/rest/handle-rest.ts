import { AppError } from '#core/errors.ts';
import { type Actor, hasScope } from '../actor.ts';
import { matchRoute } from './match.ts';
import { problemResponse } from './problem.ts';
import { readJson, readQuery } from './read-input.ts';
import type { Route, Services } from './route.ts';

export const REST_ROOT = '/api/v1';

interface RestServer extends Services {
  routes: readonly Route[];
  /** Who asks; null for nobody. Throws for a token that is no good. */
  authenticate(request: Request): Promise<Actor | null>;
}

/** Answers one request below /api/v1: find the route, find out who asks, check the input, call the use case, shape the output. */
export async function handleRest(server: RestServer, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const where = `${request.method} ${url.pathname}`;
  try {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const match = matchRoute(server.routes, method, url.pathname.slice(REST_ROOT.length));
    if ('allow' in match) return noRoute(match.allow, where);
    const { route, params } = match;
    const actor = route.access === 'public' ? null : await requireActor(server, route, request);
    const query = readQuery(url, route.query);
    const body = route.body && (await readJson(request, route.body));
    const services = { db: server.db, blobs: server.blobs };
    const output = await route.handler({ ...services, actor, params, query, body, request });
    const response = output instanceof Response ? output : jsonResponse(route, output);
    if (request.method !== 'HEAD') return response;
    // Nobody reads this body: a file that it comes from would stay open.
    await response.body?.cancel();
    return new Response(null, response);
  } catch (error) {
    // The caller hung up in the middle of a body: nobody reads an answer, and nothing broke here.
    if (request.signal.aborted) return new Response(null, { status: 499 });
    return problemResponse(error, where);
  }
}

async function requireActor(server: RestServer, route: Route, request: Request): Promise<Actor> {
  const actor = await server.authenticate(request);
  if (!actor) {
    throw new AppError(
      'unauthenticated',
      'Send a token: Authorization: Bearer <token>. You make one under Account, API tokens.',
    );
  }
  if (route.access !== 'any' && route.access !== 'public' && !hasScope(actor, route.access)) {
    throw new AppError(
      'forbidden',
      `This token lacks the scope "${route.access}". Make one that has it under Account, API tokens.`,
    );
  }
  return actor;
}

function noRoute(allow: string[], where: string): Response {
  if (allow.length === 0) {
    return problemResponse(
      new AppError('not_found', `There is no such path. ${REST_ROOT}/openapi.json lists every path.`),
      where,
    );
  }
  const methods = (allow.includes('GET') ? [...allow, 'HEAD'] : allow).join(', ');
  return problemResponse(new AppError('method_not_allowed', `This path allows ${methods}.`), where, { allow: methods });
}

function jsonResponse(route: Route, output: unknown): Response {
  const body = route.response ? route.response.parse(plain(output)) : null;
  return new Response(`${JSON.stringify(body)}\n`, {
    status: route.status ?? 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** Dates as ISO 8601, bigints (sizes in bytes, below 2^53) as numbers, NaN and infinities (a loss that ran away) as null. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}
