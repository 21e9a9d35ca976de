import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeTeam } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { personActor } from '../testing.ts';
import { acceptInvite, acceptInviteAsNew } from './accept-invite.ts';
import { createInvite } from './create-invite.ts';
import { listInvites } from './list-invites.ts';
import { readInvite } from './read-invite.ts';
import { revokeInvite } from './revoke-invite.ts';

const db = await testDb();

async function world() {
  const { course, team, user: student } = await makeTeam(db);
  const teacher = await person();
  await db.prisma.courseMember.create({ data: { courseId: course.id, userId: teacher.id, role: 'instructor' } });
  return { course, team, student, teacher: personActor(teacher.id) };
}
const person = () => db.prisma.user.create({ data: { email: `${randomUUID()}@example.org`, name: 'Ada' } });
const account = () => ({ name: 'New', email: `${randomUUID()}@example.org`, password: 'a long enough one' });
const student = { role: 'student' as const, teamId: null, maxUses: 3, days: 7 };

test('twenty people at once on a link for three: three get in, and nobody else has an account', async () => {
  const { course, team, teacher } = await world();
  const { token } = await createInvite(db, teacher, { ...student, courseId: course.id, teamId: team.id });
  const accounts = Array.from({ length: 20 }, account);
  const results = await Promise.allSettled(accounts.map((one) => acceptInviteAsNew(db, { ...one, token })));
  const joined = accounts.filter((_, i) => results[i]!.status === 'fulfilled');
  expect(joined.length).toBe(3);
  const emails = accounts.map((one) => one.email);
  const there = await db.prisma.user.findMany({ where: { email: { in: emails } }, include: { memberships: true } });
  expect(there.map((one) => one.email).sort()).toEqual(joined.map((one) => one.email).sort());
  expect(there.every((one) => one.memberships[0]?.teamId === team.id)).toBe(true);
  expect(await db.prisma.invite.findFirst({ where: { courseId: course.id } })).toMatchObject({ uses: 3, maxUses: 3 });
  expect(await listInvites(db, teacher, course.id)).toEqual([]);
}, 60_000);

test('the same person on many tabs uses one place', async () => {
  const { course, teacher } = await world();
  const { token } = await createInvite(db, teacher, { ...student, courseId: course.id });
  const actor = personActor((await person()).id);
  await Promise.all(Array.from({ length: 8 }, () => acceptInvite(db, actor, token)));
  expect(await listInvites(db, teacher, course.id)).toMatchObject([{ uses: 1, maxUses: 3 }]);
});

test('who is in the course keeps the role; a student without a team gets the team of the link', async () => {
  const { course, team, teacher } = await world();
  const { token } = await createInvite(db, teacher, { ...student, courseId: course.id, teamId: team.id });
  await acceptInvite(db, teacher, token);
  const of = (userId: string) =>
    db.prisma.courseMember.findUniqueOrThrow({ where: { courseId_userId: { courseId: course.id, userId } } });
  expect(await of(teacher.userId)).toMatchObject({ role: 'instructor', teamId: null });
  const loose = await person();
  await db.prisma.courseMember.create({ data: { courseId: course.id, userId: loose.id, role: 'student' } });
  await acceptInvite(db, personActor(loose.id), token);
  expect(await of(loose.id)).toMatchObject({ role: 'student', teamId: team.id });
});

test('expired, revoked, used up and made-up links say the same and let nobody in', async () => {
  const { course, teacher } = await world();
  const make = () => createInvite(db, teacher, { ...student, courseId: course.id, maxUses: 1 });
  const [expired, revoked, used] = [await make(), await make(), await make()];
  await revokeInvite(db, teacher, { courseId: course.id, inviteId: revoked.id });
  await acceptInvite(db, personActor((await person()).id), used.token);
  const late = new Date(Date.now() + 8 * 86_400_000);
  const [ada, bo, cy] = [await person(), await person(), await person()];
  const words = await Promise.all(
    [
      readInvite(db, expired.token, late),
      acceptInvite(db, personActor(ada.id), expired.token, late),
      acceptInvite(db, personActor(bo.id), revoked.token),
      acceptInvite(db, personActor(cy.id), used.token),
      acceptInviteAsNew(db, { ...account(), token: 'made up' }),
    ].map((one) => one.then(String, (error: Error) => error.message)),
  );
  expect(new Set(words).size).toBe(1);
  expect(words[0]).toMatch(/no longer valid/);
  expect(await db.prisma.courseMember.count({ where: { courseId: course.id, role: 'student' } })).toBe(2);
});

test('an e-mail that has an account is told to sign in, and its password stays', async () => {
  const { course, teacher, student: ada } = await world();
  const { token } = await createInvite(db, teacher, { ...student, courseId: course.id });
  const taken = acceptInviteAsNew(db, { ...account(), email: ada.email, token });
  await expect(taken).rejects.toMatchObject({ code: 'conflict', items: [{ path: 'email' }] });
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: ada.id } })).passwordHash).toBeNull();
});

test('only instructors make links, only into teams of their course', async () => {
  const { course, teacher, student: ada } = await world();
  const elsewhere = await world();
  const make = (actor: typeof teacher, teamId: string | null, courseId = course.id) =>
    createInvite(db, actor, { ...student, courseId, teamId });
  await expect(make(personActor(ada.id), null)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(make(elsewhere.teacher, null)).rejects.toMatchObject({ code: 'not_found' });
  await expect(make(teacher, elsewhere.team.id)).rejects.toMatchObject({ code: 'not_found' });
  const { id } = await make(teacher, null);
  const others = revokeInvite(db, elsewhere.teacher, { courseId: elsewhere.course.id, inviteId: id });
  await expect(others).rejects.toMatchObject({ code: 'not_found' });
});
