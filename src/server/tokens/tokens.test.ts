import { expect, test } from 'vitest';
import { makeProject } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { requireProject } from '../access.ts';
import { personActor } from '../testing.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { resolveToken } from './resolve-token.ts';
import { revokeToken } from './revoke-token.ts';
import { newToken } from './token-format.ts';

const db = await testDb();
const input = { name: 'laptop', scopes: ['read' as const], projectId: null, days: 30 };

test('a token resolves to its person with its scopes; only a digest of it is stored', async () => {
  const { user, project } = await makeProject(db);
  const { token, id } = await createToken(db, personActor(user.id), {
    ...input,
    projectId: project.id,
    scopes: ['read', 'run'],
  });
  expect(token).toMatch(/^holdout_[\w-]{43}$/);
  expect(await resolveToken(db, token)).toEqual({
    userId: user.id,
    isAdmin: false,
    via: { kind: 'token', tokenId: id, scopes: ['read', 'run'], projectId: project.id },
  });
  const row = await db.prisma.apiToken.findUniqueOrThrow({ where: { id } });
  expect(JSON.stringify(row)).not.toContain(token.slice(14));
});

test('a token for one project sees no other, even of its person', async () => {
  const one = await makeProject(db);
  const other = await makeProject(db, one);
  const { token } = await createToken(db, personActor(one.user.id), { ...input, projectId: one.project.id });
  const actor = (await resolveToken(db, token))!;
  await expect(requireProject(db, actor, one.project.id, 'read')).resolves.toMatchObject({ projectId: one.project.id });
  await expect(requireProject(db, actor, one.project.id, 'run')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(requireProject(db, actor, other.project.id, 'read')).rejects.toMatchObject({ code: 'not_found' });
});

test("nobody makes a token for a stranger's project", async () => {
  const { project } = await makeProject(db);
  const { user: eve } = await makeProject(db);
  const made = createToken(db, personActor(eve.id), { ...input, projectId: project.id });
  await expect(made).rejects.toMatchObject({ code: 'not_found' });
});

test('expired, revoked, made up and of a closed account: nobody', async () => {
  const { user } = await makeProject(db);
  const actor = personActor(user.id);
  const { token, id } = await createToken(db, actor, input);
  expect(await resolveToken(db, token, new Date(Date.now() + 31 * 86_400_000))).toBeNull();
  expect(await resolveToken(db, newToken())).toBeNull();
  expect(await resolveToken(db, 'nonsense')).toBeNull();
  await revokeToken(db, actor, id);
  expect(await resolveToken(db, token)).toBeNull();
  expect(await listTokens(db, actor)).toEqual([]);
  const second = await createToken(db, actor, input);
  await db.prisma.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
  expect(await resolveToken(db, second.token)).toBeNull();
});

test('a token can neither list nor make nor revoke tokens', async () => {
  const { user } = await makeProject(db);
  const { token, id } = await createToken(db, personActor(user.id), { ...input, scopes: ['read', 'run', 'submit'] });
  const actor = (await resolveToken(db, token))!;
  for (const attempt of [createToken(db, actor, input), listTokens(db, actor), revokeToken(db, actor, id)]) {
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
  }
});

test('last use is written at most once a minute', async () => {
  const { user } = await makeProject(db);
  const { token, id } = await createToken(db, personActor(user.id), input);
  const start = Date.now();
  const used = async (afterMs: number) => {
    await resolveToken(db, token, new Date(start + afterMs));
    return (await db.prisma.apiToken.findUniqueOrThrow({ where: { id } })).lastUsedAt!.getTime() - start;
  };
  expect(await used(0)).toBe(0);
  expect(await used(30_000)).toBe(0);
  expect(await used(61_000)).toBe(61_000);
});
