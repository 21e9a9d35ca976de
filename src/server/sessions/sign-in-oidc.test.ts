import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testDb } from '#db/testing.ts';
import { type OidcClaims, signInWithOidc } from './sign-in-oidc.ts';

const db = await testDb();
const visitor = { ip: '', userAgent: '' };
const claims = (more: Partial<OidcClaims> = {}): OidcClaims => ({
  provider: 'https://id.example.edu',
  subject: randomUUID(),
  email: `${randomUUID()}@example.edu`,
  emailVerified: true,
  name: 'Ada Lovelace',
  ...more,
});
const account = (email: string) => db.prisma.user.create({ data: { email, name: 'Ada' } });

test('a new person gets an account without courses, and the same one next time, whatever the e-mail says then', async () => {
  const first = claims({ emailVerified: false });
  const { userId } = await signInWithOidc(db, first, visitor);
  expect(await db.prisma.courseMember.count({ where: { userId } })).toBe(0);
  expect(await db.prisma.user.findUnique({ where: { id: userId } })).toMatchObject({
    name: 'Ada Lovelace',
    isAdmin: false,
  });
  const again = await signInWithOidc(db, { ...first, email: 'other@example.edu' }, visitor);
  expect(again.userId).toBe(userId);
  expect(again.sessionId).not.toBe((await signInWithOidc(db, first, visitor)).sessionId);
});

test('a verified e-mail links to the account that has it; an unverified one never does', async () => {
  const email = `${randomUUID()}@example.edu`;
  const user = await account(email);
  await expect(signInWithOidc(db, claims({ email, emailVerified: false }), visitor)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await db.prisma.identity.count({ where: { userId: user.id } })).toBe(0);
  expect((await signInWithOidc(db, claims({ email: email.toUpperCase() }), visitor)).userId).toBe(user.id);
});

test('a second subject of the same provider never takes over an account by its e-mail', async () => {
  const first = claims();
  await signInWithOidc(db, first, visitor);
  await expect(signInWithOidc(db, claims({ email: first.email }), visitor)).rejects.toMatchObject({ code: 'conflict' });
});

test('the same subject at another provider is another person', async () => {
  const first = claims();
  const other = await signInWithOidc(
    db,
    claims({ subject: first.subject, provider: 'https://other.example' }),
    visitor,
  );
  expect((await signInWithOidc(db, first, visitor)).userId).not.toBe(other.userId);
});

test('no e-mail, no account; a closed account stays closed', async () => {
  await expect(signInWithOidc(db, claims({ email: null }), visitor)).rejects.toMatchObject({ code: 'bad_request' });
  const one = claims();
  const { userId } = await signInWithOidc(db, one, visitor);
  await db.prisma.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
  await expect(signInWithOidc(db, one, visitor)).rejects.toMatchObject({ code: 'unauthenticated' });
});
