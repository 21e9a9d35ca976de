import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { testDb } from '#db/testing.ts';
import { restRoutes } from '../rest/routes/index.ts';
import { appRouter } from '../trpc/router.ts';
import type { Call, Entry } from './entry.ts';
import { nestedEntries } from './nested.ts';
import { otherTable } from './other.ts';
import { type Outcome, PRINCIPALS } from './outcomes.ts';
import { restTable } from './rest.ts';
import { trpcTable } from './trpc.ts';
import { type Ids, makeWorld } from './world.ts';

/**
 * Who may do what, for everything that the server answers, through its real handlers on a real Postgres.
 * A route that is missing here fails the test: add it to the table.
 */
const db = await testDb();
const data = await mkdtemp(path.join(tmpdir(), 'holdout-access-'));
Object.assign(process.env, { DATABASE_URL: db.url, HOLDOUT_DATA: data, HOLDOUT_SECRET: 'x'.repeat(32) });
const { handlers, paramsOf, SIGN_IN } = await import('./handlers.ts');
const world = await makeWorld(db, openBlobs(data));
afterAll(async () => {
  const { db: webDb } = await import('../db.ts');
  const { events } = await import('../events.ts');
  await events().close();
  await webDb().close();
  await rm(data, { recursive: true });
});

async function send(call: Call, headers: Record<string, string>): Promise<Response> {
  const found = handlers.find(({ prefix }) => call.path.startsWith(prefix));
  const handler = found?.methods[call.method];
  if (!found || !handler) throw new Error(`Nothing answers ${call.method} ${call.path}.`);
  const abort = new AbortController();
  const request = new Request(`http://127.0.0.1:3000${call.path}`, {
    method: call.method,
    headers: { host: '127.0.0.1:3000', ...call.headers, ...headers },
    body: call.body ?? null,
    signal: abort.signal,
  });
  const response = await handler(request, {
    params: Promise.resolve(paramsOf(found.file, new URL(request.url).pathname)),
  });
  if (response.headers.get('content-type') === 'text/event-stream') abort.abort();
  return response;
}

async function ask(entry: Entry, ids: Ids, headers: Record<string, string>) {
  const response = await send(await entry.call(ids, world), headers);
  return { status: response.status, body: await response.text(), sent: Object.fromEntries(response.headers) };
}

const outcomeOf = (status: number, entry: Entry, expected: Outcome) => {
  if (status === 401) return 'sign in';
  if (status === 403) return 'forbidden';
  if (status === 404) return expected === 'absent' ? 'absent' : 'hidden';
  const fine = entry.status === undefined ? status < 300 : status === entry.status;
  return fine ? 'ok' : `status ${status}`;
};

const entries = Object.entries({ ...prefixed('rest ', restTable), ...prefixed('trpc ', trpcTable), ...otherTable });

test.each(entries)('%s', async (_name, entry) => {
  const got: Record<string, string> = {};
  for (const principal of PRINCIPALS) {
    const headers = world.headers[principal];
    const answer = await ask(entry, world.ids, headers);
    const { status, body } = answer;
    got[principal] = outcomeOf(status, entry, entry.expect[principal]);
    if (got[principal]?.startsWith('status')) got[principal] += ` ${body}`;
    if (['hidden', 'sign in'].includes(entry.expect[principal])) {
      expect({ principal, ...answer }).toEqual({ principal, ...(await ask(entry, world.nowhere, headers)) });
    }
  }
  expect(got).toEqual(entry.expect);
});

test.each(nestedEntries)('%s', async (_name, entry) => {
  const headers = world.headers['other team'];
  const real = await ask(entry, world.ids, headers);
  expect(real).toEqual(await ask(entry, world.nowhere, headers));
  expect(real.status).toBe(404);
});

test("another site's page changes nothing, whoever's browser it runs in", async () => {
  const headers = { ...world.headers.member, 'sec-fetch-site': 'cross-site' };
  for (const [name, entry] of entries) {
    const call = await entry.call(world.ids, world);
    if (call.method === 'GET' || call.method === 'HEAD') continue;
    expect({ name, status: (await send(call, headers)).status }).toEqual({ name, status: 403 });
  }
});

test('every REST route is in the table', () => {
  expect(Object.keys(restTable).sort()).toEqual(restRoutes.map(({ operationId }) => operationId).sort());
});

test('every tRPC procedure is in the table', () => {
  expect(Object.keys(trpcTable).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
});

test('every route handler of the app is reached by the table', async () => {
  const files = await readdir('src/app', { recursive: true });
  const routes = files.filter((file) => /(^|\/)route\.tsx?$/.test(file)).map((file) => `src/app/${file}`);
  expect([SIGN_IN, ...handlers.map(({ file }) => file)].sort()).toEqual(routes.sort());
});

function prefixed(prefix: string, table: Record<string, Entry>): Record<string, Entry> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [`${prefix}${name}`, entry]));
}
