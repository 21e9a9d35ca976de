import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { testDb } from '#db/testing.ts';
import { changePassword } from '../people/change-password.ts';
import { hashPassword } from '../people/password.ts';
import { personActor } from '../testing.ts';
import { listSessions } from './list-sessions.ts';
import { resolveSession } from './resolve-session.ts';
import { revokeOtherSessions, revokeSession } from './revoke-session.ts';
import { signIn } from './sign-in.ts';
import { startSession, visitorOf } from './start-session.ts';
import { MAX_PER_ADDRESS, MAX_PER_EMAIL, WINDOW_MINUTES } from './throttle.ts';

const db = await testDb();
const PASSWORD = 'correct horse battery';
const passwordHash = await hashPassword(PASSWORD);
const visitor = { ip: '192.0.2.7', userAgent: 'test' };
beforeEach(() => db.prisma.signInFailure.deleteMany());

async function person() {
  const email = `${randomUUID()}@example.org`;
  return db.prisma.user.create({ data: { email, name: 'Ada', passwordHash } });
}
const attempt = (email: string, password: string, at?: Date) => signIn(db, { email, password }, visitor, at);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

test('the right password starts a session that resolves to the person', async () => {
  const user = await person();
  const { sessionId } = await attempt(user.email.toUpperCase(), PASSWORD);
  expect(await resolveSession(db, sessionId)).toEqual(personActor(user.id, { sessionId }));
});

test('an unknown e-mail, a wrong password, a closed account and one without a password are told the same', async () => {
  const user = await person();
  const closed = await person();
  await db.prisma.user.update({ where: { id: closed.id }, data: { disabledAt: new Date() } });
  const oidcOnly = await db.prisma.user.create({ data: { email: `${randomUUID()}@example.org`, name: 'O' } });
  const words = await Promise.all(
    [
      attempt(user.email, 'wrong'),
      attempt('nobody@example.org', PASSWORD),
      attempt(closed.email, PASSWORD),
      attempt(oidcOnly.email, ''),
      attempt('not an address', PASSWORD),
    ].map((one) => one.catch((error: Error) => error.message)),
  );
  expect(new Set(words)).toEqual(new Set(['E-mail or password is not right.']));
});

test('after too many failures even the right password must wait, and then it works', async () => {
  const user = await person();
  const start = Date.now();
  for (let i = 0; i < MAX_PER_EMAIL; i++) expect(await code(attempt(user.email, 'wrong'))).toBe('unauthenticated');
  expect(await code(attempt(user.email, PASSWORD))).toBe('too_many');
  const later = new Date(start + WINDOW_MINUTES * 60_000 + 60_000);
  expect(await code(attempt(user.email, PASSWORD, later))).toBe('ok');
});

test('attempts at the same instant can not slip under the limit', async () => {
  const user = await person();
  const codes = await Promise.all(Array.from({ length: 30 }, () => code(attempt(user.email, 'wrong'))));
  const looked = codes.filter((one) => one === 'unauthenticated').length;
  expect(looked).toBeLessThanOrEqual(MAX_PER_EMAIL);
  expect(codes.length - looked).toBe(codes.filter((one) => one === 'too_many').length);
});

test('a success forgives the failures of that e-mail, not those of the address', async () => {
  const user = await person();
  for (let i = 0; i < MAX_PER_EMAIL - 1; i++) await code(attempt(user.email, 'wrong'));
  expect(await code(attempt(user.email, PASSWORD))).toBe('ok');
  expect(await code(attempt(user.email, 'wrong'))).toBe('unauthenticated');
  expect(await db.prisma.signInFailure.count({ where: { key: `address:${visitor.ip}` } })).toBe(MAX_PER_EMAIL);
});

test('one address that tries many accounts must wait too', async () => {
  const at = new Date();
  await db.prisma.signInFailure.createMany({
    data: Array.from({ length: MAX_PER_ADDRESS }, () => ({ key: `address:${visitor.ip}`, at })),
  });
  expect(await code(attempt((await person()).email, PASSWORD))).toBe('too_many');
});

test('revoked, expired and closed sessions are nobody', async () => {
  const user = await person();
  const actor = async () => {
    const sessionId = await startSession(db.prisma, user.id, visitor);
    return { sessionId, actor: personActor(user.id, { sessionId }) };
  };
  const one = await actor();
  const two = await actor();
  await revokeSession(db, one.actor, two.sessionId);
  expect(await resolveSession(db, two.sessionId)).toBeNull();
  expect(await code(revokeSession(db, one.actor, two.sessionId))).toBe('not_found');

  const tooLate = new Date(Date.now() + 31 * 86_400_000);
  expect(await resolveSession(db, one.sessionId, tooLate)).toBeNull();
  expect(await resolveSession(db, 'not an id')).toBeNull();

  await db.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  expect(await resolveSession(db, one.sessionId)).toBeNull();
});

test("nobody ends another person's session", async () => {
  const [ada, eve] = [await person(), await person()];
  const sessionId = await startSession(db.prisma, ada.id, visitor);
  expect(await code(revokeSession(db, personActor(eve.id), sessionId))).toBe('not_found');
  expect(await resolveSession(db, sessionId)).not.toBeNull();
});

test('last seen is written at most once a minute', async () => {
  const user = await person();
  const start = new Date();
  const sessionId = await startSession(db.prisma, user.id, visitor, start);
  const seen = async (afterMs: number) => {
    await resolveSession(db, sessionId, new Date(start.getTime() + afterMs));
    const row = await db.prisma.session.findUniqueOrThrow({ where: { id: sessionId } });
    return row.lastSeenAt.getTime() - start.getTime();
  };
  expect(await seen(30_000)).toBe(0);
  expect(await seen(61_000)).toBe(61_000);
});

test('a new password ends every other session and needs the old one', async () => {
  const user = await person();
  const mine = await startSession(db.prisma, user.id, visitor);
  const other = await startSession(db.prisma, user.id, visitor);
  const actor = personActor(user.id, { sessionId: mine });
  expect(await code(changePassword(db, actor, { current: 'wrong', next: 'another good one' }))).toBe('bad_request');
  expect(await resolveSession(db, other)).not.toBeNull();
  await changePassword(db, actor, { current: PASSWORD, next: 'another good one' });
  expect(await resolveSession(db, other)).toBeNull();
  expect(await resolveSession(db, mine)).not.toBeNull();
  expect(await code(attempt(user.email, PASSWORD))).toBe('unauthenticated');
  expect(await code(attempt(user.email, 'another good one'))).toBe('ok');
});

test('the list shows live sessions and marks the one that asks', async () => {
  const user = await person();
  const ids = [await startSession(db.prisma, user.id, visitor), await startSession(db.prisma, user.id, visitor)];
  const actor = personActor(user.id, { sessionId: ids[0]! });
  expect((await listSessions(db, actor)).filter((one) => one.current).map((one) => one.id)).toEqual([ids[0]]);
  expect(await revokeOtherSessions(db, actor)).toBe(1);
  expect((await listSessions(db, actor)).map((one) => one.id)).toEqual([ids[0]]);
});

test('the address is the last one that a proxy wrote', () => {
  const headers = new Headers({ 'x-forwarded-for': '10.0.0.1, 203.0.113.9', 'user-agent': 'curl' });
  expect(visitorOf(headers)).toEqual({ ip: '203.0.113.9', userAgent: 'curl' });
});
