import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import NextAuth from 'next-auth';
// @ts-expect-error the package has no types
import Provider from 'oidc-provider';
import { afterAll, expect, test } from 'vitest';
import { testDb } from '#db/testing.ts';

/** A real OpenID Connect provider (oidc-provider, certified) and our own options behind real HTTP; only Next's router is left out. */

const db = await testDb();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const app = createServer();
const base = await listen(app);
const idp = createServer();
const issuer = await listen(idp);
const people: Record<string, { email?: string; email_verified?: boolean; name?: string }> = {
  ada: { email: 'ada@example.edu', email_verified: true, name: 'Ada Lovelace' },
  eve: { email: 'ada@example.edu', email_verified: false, name: 'Eve' },
  nomail: { name: 'Nobody' },
};
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'holdout',
      client_secret: 'a secret of the client',
      redirect_uris: [`${base}/api/auth/callback/oidc`],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  cookies: { keys: ['a key for the cookies'] },
});
idp.on('request', provider.callback());

Object.assign(process.env, {
  DATABASE_URL: db.url,
  HOLDOUT_URL: base,
  HOLDOUT_SECRET: 'x'.repeat(32),
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: 'holdout',
  OIDC_CLIENT_SECRET: 'a secret of the client',
});
const { tellNextAuth } = await import('#env');
const { authOptions } = await import('./options.ts');
const { actorOf } = await import('./actor-of.ts');
const { db: webDb } = await import('../db.ts');
tellNextAuth();
afterAll(() => webDb().close());

app.on('request', async (req, res) => {
  const url = new URL(req.url!, base);
  if (!url.pathname.startsWith('/api/auth/')) return void res.end('a page');
  const pairs = (req.headers.cookie ?? '').split('; ').filter(Boolean);
  const cookies = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), decodeURIComponent(pair.slice(pair.indexOf('=') + 1))]),
  );
  const body = Object.fromEntries(new URLSearchParams(await text(req)));
  const query = {
    ...Object.fromEntries(url.searchParams),
    nextauth: url.pathname.replace('/api/auth/', '').split('/'),
  };
  const answer = Object.assign(res, {
    status: (code: number) => Object.assign(answer, { statusCode: code }),
    json: (value: unknown) => answer.end(JSON.stringify(value)),
    send: (value: unknown) => answer.end(typeof value === 'string' ? value : JSON.stringify(value)),
  });
  await NextAuth(
    Object.assign(req, { query, cookies, body }) as never,
    answer as never,
    authOptions(new Headers({ 'user-agent': 'test' })),
  );
});

/** A browser as small as it gets: follows redirects and keeps cookies by host. */
function browser() {
  const jar = new Map<string, string>();
  const cookieHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  async function go(url: string, form?: Record<string, string>): Promise<{ url: string; body: string }> {
    for (let hops = 0; hops < 15; hops++) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: cookieHeader() },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name!);
        else jar.set(name!, value!);
      }
      const next = response.headers.get('location');
      if (!next) return { url, body: await response.text() };
      url = new URL(next, url).href;
      form = undefined;
    }
    throw new Error(`Too many redirects at ${url}`);
  }
  return { go, cookieHeader };
}

/** Signs in as `who` at the provider's own pages. @returns where the browser ends, and who our server takes it for */
async function signInAs(who: string) {
  const { go, cookieHeader } = browser();
  const { csrfToken } = JSON.parse((await go(`${base}/api/auth/csrf`)).body) as { csrfToken: string };
  let page = await go(`${base}/api/auth/signin/oidc`, { csrfToken, callbackUrl: `${base}/invite/abc` });
  for (const form of [{ prompt: 'login', login: who, password: 'any' }, { prompt: 'consent' }]) {
    const action = /action="([^"]+)"/.exec(page.body)?.[1];
    if (!page.url.startsWith(issuer) || !action) throw new Error(`Not the provider's page: ${page.url}\n${page.body}`);
    page = await go(new URL(action, page.url).href, form as Record<string, string>);
  }
  return { ...page, actor: await actorOf(db, new Headers({ cookie: cookieHeader() })), go, cookieHeader };
}

test('a new person signs in, comes back to where the way began, and is somebody until signing out', async () => {
  const { url, actor, go, cookieHeader } = await signInAs('ada');
  expect(url).toBe(`${base}/invite/abc`);
  const user = await db.prisma.user.findUniqueOrThrow({
    where: { email: 'ada@example.edu' },
    include: { identities: true },
  });
  expect(user).toMatchObject({
    name: 'Ada Lovelace',
    passwordHash: null,
    identities: [{ provider: issuer, subject: 'ada' }],
  });
  expect(actor).toMatchObject({ userId: user.id, isAdmin: false });
  expect((await signInAs('ada')).actor).toMatchObject({ userId: user.id });

  const before = new Headers({ cookie: cookieHeader() });
  const { csrfToken } = JSON.parse((await go(`${base}/api/auth/csrf`)).body) as { csrfToken: string };
  await go(`${base}/api/auth/signout`, { csrfToken, callbackUrl: base });
  expect(await actorOf(db, before)).toBeNull();
}, 30_000);

test('an unverified e-mail never opens the account that has it', async () => {
  await db.prisma.user.upsert({
    where: { email: 'ada@example.edu' },
    create: { email: 'ada@example.edu', name: 'Ada' },
    update: {},
  });
  const { url, actor } = await signInAs('eve');
  expect(actor).toBeNull();
  expect(new URL(url).pathname).toBe('/signin');
  expect(new URL(url).searchParams.get('message')).toMatch(/account for ada@example\.edu already/);
  expect(await db.prisma.identity.count({ where: { subject: 'eve' } })).toBe(0);
}, 30_000);

test('without an e-mail the person is told what to allow', async () => {
  const { url, actor } = await signInAs('nomail');
  expect(actor).toBeNull();
  expect(new URL(url).searchParams.get('message')).toMatch(/gave no e-mail address/);
}, 30_000);

test('a callback that this browser did not begin is refused', async () => {
  const { go, cookieHeader } = browser();
  const { url } = await go(`${base}/api/auth/callback/oidc?code=stolen&state=forged`);
  expect(new URL(url).searchParams.get('error')).toBe('OAuthCallback');
  expect(await actorOf(db, new Headers({ cookie: cookieHeader() }))).toBeNull();
});

test('the address to come back to stays on this server', async () => {
  const { go } = browser();
  const { csrfToken } = JSON.parse((await go(`${base}/api/auth/csrf`)).body) as { csrfToken: string };
  await db.prisma.signInFailure.deleteMany();
  const page = await go(`${base}/api/auth/signout`, { csrfToken, callbackUrl: 'https://evil.example/' });
  expect(new URL(page.url).origin).toBe(base);
});
