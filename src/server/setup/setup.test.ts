import { afterEach, expect, test } from 'vitest';
import { testDb } from '#db/testing.ts';
import { signIn } from '../sessions/sign-in.ts';
import { createAdmin, createAdminFromEnv, isSetupTokenValid } from './create-admin.ts';
import { ensureSetupLink } from './ensure-setup-link.ts';

const db = await testDb();
const admin = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' };
afterEach(async () => {
  await db.prisma.user.deleteMany();
  await db.prisma.setupLink.deleteMany();
});

test('the link printed last works once; then there is an administrator and no more link', async () => {
  const first = (await ensureSetupLink(db))!;
  const token = (await ensureSetupLink(db))!;
  expect(await isSetupTokenValid(db, first)).toBe(false);
  expect(await isSetupTokenValid(db, token)).toBe(true);
  await expect(createAdmin(db, { ...admin, token: first })).rejects.toMatchObject({ code: 'forbidden' });
  const userId = await createAdmin(db, { ...admin, token });
  expect(await db.prisma.user.findUnique({ where: { id: userId } })).toMatchObject({ isAdmin: true });
  expect(await ensureSetupLink(db)).toBeNull();
  const again = createAdmin(db, { ...admin, email: 'eve@example.org', token });
  await expect(again).rejects.toMatchObject({ code: 'forbidden' });
});

test('ten at once with one link make one administrator', async () => {
  const token = (await ensureSetupLink(db))!;
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => createAdmin(db, { ...admin, email: `a${i}@example.org`, token })),
  );
  expect(results.filter((one) => one.status === 'fulfilled').length).toBe(1);
  expect(await db.prisma.user.count()).toBe(1);
});

test('the environment makes one on an empty database, and never again', async () => {
  const env = { HOLDOUT_ADMIN_EMAIL: 'Root@Example.org', HOLDOUT_ADMIN_PASSWORD: 'correct horse battery' };
  expect(await createAdminFromEnv(db, { HOLDOUT_ADMIN_EMAIL: undefined, HOLDOUT_ADMIN_PASSWORD: undefined })).toBe(
    false,
  );
  expect(await createAdminFromEnv(db, env)).toBe(true);
  expect(await createAdminFromEnv(db, { ...env, HOLDOUT_ADMIN_EMAIL: 'second@example.org' })).toBe(false);
  const input = { email: 'root@example.org', password: env.HOLDOUT_ADMIN_PASSWORD };
  await expect(signIn(db, input, { ip: '', userAgent: '' })).resolves.toMatchObject({ userId: expect.any(String) });
  await expect(
    createAdminFromEnv(db, { HOLDOUT_ADMIN_EMAIL: 'x@example.org', HOLDOUT_ADMIN_PASSWORD: undefined }),
  ).rejects.toThrow(/set together/);
});

test('a link that was printed before the environment made the administrator works no more', async () => {
  const token = (await ensureSetupLink(db))!;
  await createAdminFromEnv(db, { HOLDOUT_ADMIN_EMAIL: 'root@example.org', HOLDOUT_ADMIN_PASSWORD: admin.password });
  expect(await isSetupTokenValid(db, token)).toBe(false);
  await expect(createAdmin(db, { ...admin, token })).rejects.toMatchObject({ code: 'forbidden' });
});

test('an e-mail that has an account is refused in words, and the link still works', async () => {
  await db.prisma.user.create({ data: { email: admin.email, name: 'Ada' } });
  const token = (await ensureSetupLink(db))!;
  const taken = createAdmin(db, { ...admin, token });
  await expect(taken).rejects.toMatchObject({ code: 'conflict', items: [{ path: 'email' }] });
  await createAdmin(db, { ...admin, email: 'root@example.org', token });
});
