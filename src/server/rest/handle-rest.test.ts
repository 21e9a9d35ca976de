import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError, notFound } from '#core/errors.ts';
import type { Actor } from '../actor.ts';
import { handleRest } from './handle-rest.ts';
import { MAX_JSON_BYTES } from './read-input.ts';
import { type Route, route, type Services } from './route.ts';

const reader: Actor = {
  userId: 'u1',
  isAdmin: false,
  via: { kind: 'token', tokenId: 't1', scopes: ['read'], projectId: null },
};
const person: Actor = { userId: 'u2', isAdmin: false, via: { kind: 'session', sessionId: 's1' } };

const closed = vi.fn();

const routes: Route[] = [
  route({
    method: 'GET',
    path: '/things/{thingId}',
    operationId: 'getThing',
    tag: 'things',
    summary: 'One thing',
    access: 'read',
    query: z.object({ digits: z.coerce.number().int().max(9).default(2) }),
    response: z.object({ id: z.string(), digits: z.number(), at: z.iso.datetime(), bytes: z.number() }),
    async handler({ params, query }) {
      if (params.thingId === 'gone') throw notFound('thing');
      if (params.thingId === 'broken') throw new Error('password=hunter2');
      if (params.thingId === 'down') throw new AppError('unavailable', 'The store is full.', { details: { free: 0 } });
      const secret = { secretKey: 'must not leave' };
      return { id: params.thingId, digits: query.digits, at: new Date(0), bytes: 12n, ...secret };
    },
  }),
  route({
    method: 'GET',
    path: '/things/newest',
    operationId: 'newestThing',
    tag: 'things',
    summary: 'The newest',
    access: 'public',
    response: z.object({ newest: z.boolean() }),
    handler: async () => ({ newest: true }),
  }),
  route({
    method: 'GET',
    path: '/things/{thingId}/file',
    operationId: 'getFile',
    tag: 'things',
    summary: 'Its file',
    access: 'public',
    media: ['text/plain'],
    handler: async () => new Response(new ReadableStream({ cancel: closed }), { headers: { 'content-length': '3' } }),
  }),
  route({
    method: 'POST',
    path: '/things',
    operationId: 'makeThing',
    tag: 'things',
    summary: 'Make one',
    access: 'run',
    status: 201,
    body: z.strictObject({ layers: z.array(z.object({ units: z.int() })) }),
    response: z.object({ layers: z.int() }),
    handler: async ({ body }) => ({ layers: body.layers.length }),
  }),
];

async function ask(path: string, init: RequestInit & { as?: Actor | null } = {}) {
  const { as = reader, ...rest } = init;
  const request = new Request(`http://holdout.test/api/v1${path}`, { duplex: 'half', ...rest } as RequestInit);
  const response = await handleRest({ ...({} as Services), routes, authenticate: async () => as }, request);
  const text = await response.text();
  return { response, status: response.status, body: text === '' ? null : JSON.parse(text) };
}
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test('answers the declared fields alone, with dates and bigints written out', async () => {
  const { status, body } = await ask('/things/a%20b?digits=3');
  expect(status).toBe(200);
  expect(body).toEqual({ id: 'a b', digits: 3, at: '1970-01-01T00:00:00.000Z', bytes: 12 });
});

test('a literal segment wins over a parameter', async () => {
  expect((await ask('/things/newest', { as: null })).body).toEqual({ newest: true });
});

test('errors of use cases are problem documents; those below 500 carry no id', async () => {
  const { response, status, body } = await ask('/things/gone');
  expect(status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(body).toEqual({
    type: 'urn:holdout:problem:not_found',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: "There is no such thing, or you can't see it.",
  });
});

test('what nobody foresaw is masked, and logged under the id that the caller sees', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { status, body } = await ask('/things/broken');
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('hunter2');
  const id = /urn:holdout:error:(\w+)/.exec(body.instance)![1]!;
  expect(String(log.mock.calls[0]![0])).toContain(id);
  expect(String(log.mock.calls[0]![2])).toContain('hunter2');
  const down = await ask('/things/down');
  expect(down.body).toMatchObject({ status: 503, code: 'unavailable', detail: 'The store is full.' });
  log.mockRestore();
});

test('unknown paths, methods and parameters are refused in words', async () => {
  expect((await ask('/nothing')).body).toMatchObject({ code: 'not_found', status: 404 });
  const wrong = await ask('/things/newest', { method: 'DELETE' });
  expect(wrong.status).toBe(405);
  expect(wrong.response.headers.get('allow')).toBe('GET, HEAD');
  expect((await ask('/things/x?digit=1')).body.detail).toContain('There are: digits');
  expect((await ask('/things/x?digits=1&digits=2')).body.detail).toContain('given twice');
  expect((await ask('/things/x?digits=12')).body.items[0].path).toBe('/query/digits');
});

test('needs somebody, and the scope that the table says', async () => {
  const nobody = await ask('/things/x', { as: null });
  expect(nobody.status).toBe(401);
  expect(nobody.response.headers.get('www-authenticate')).toContain('Bearer');
  expect((await ask('/things', json({ layers: [] }))).body).toMatchObject({ code: 'forbidden' });
  expect((await ask('/things', { ...json({ layers: [] }), as: person })).status).toBe(201);
});

test('a body that does not fit is refused with each place', async () => {
  const { status, body } = await ask('/things', { ...json({ layers: [{ units: 1 }, { units: 1.5 }] }), as: person });
  expect(status).toBe(400);
  expect(body.items).toEqual([{ path: '/body/layers/1/units', message: expect.any(String) }]);
  expect((await ask('/things', { ...json('{"layers":'), as: person })).body.detail).toContain('not JSON');
  const plain = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}', as: person };
  expect((await ask('/things', plain)).status).toBe(415);
});

test('a body without a length is read no further than the limit', async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, as: person };
  expect((await ask('/things', init)).status).toBe(413);
  expect(sent).toBeLessThan(MAX_JSON_BYTES + 1_000_000);
});

test('a file that is asked for by HEAD is told of and closed', async () => {
  const { response } = await ask('/things/t/file', { method: 'HEAD' });
  expect([response.status, response.body, response.headers.get('content-length')]).toEqual([200, null, '3']);
  expect(closed).toHaveBeenCalledOnce();
});
