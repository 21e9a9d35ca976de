import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeProject, makeTeam } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { requireProject } from '../access.ts';
import { createProject } from '../projects/create-project.ts';
import { archiveProject, renameProject } from '../projects/update-project.ts';
import { createTeam } from '../teams/create-team.ts';
import { personActor } from '../testing.ts';
import { createCourse } from './create-course.ts';
import { getCourse } from './get-course.ts';
import { removeMember, setMember } from './set-member.ts';

const db = await testDb();
const person = () => db.prisma.user.create({ data: { email: `${randomUUID()}@example.org`, name: 'Ada' } });

async function instructorOf(courseId: string) {
  const { id } = await person();
  await db.prisma.courseMember.create({ data: { courseId, userId: id, role: 'instructor' } });
  return personActor(id);
}

test('administrators and instructors create courses; students do not', async () => {
  const admin = personActor((await person()).id, { isAdmin: true });
  const { id } = await createCourse(db, admin, { name: 'ML', term: '' });
  expect(await getCourse(db, admin, id)).toMatchObject({ role: 'instructor', isInstructor: true });
  const { user } = await makeTeam(db);
  await expect(createCourse(db, personActor(user.id), { name: 'Mine', term: '' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('who moves to another team loses sight of the old one at once', async () => {
  const { course, user, project } = await makeProject(db);
  const teacher = await instructorOf(course.id);
  const ada = personActor(user.id);
  await requireProject(db, ada, project.id, 'run');
  const { id: teamId } = await createTeam(db, teacher, { courseId: course.id, name: 'Other' });
  await setMember(db, teacher, { courseId: course.id, userId: user.id, teamId });
  await expect(requireProject(db, ada, project.id, 'read')).rejects.toMatchObject({ code: 'not_found' });
  await removeMember(db, teacher, { courseId: course.id, userId: user.id });
  await expect(getCourse(db, ada, course.id)).rejects.toMatchObject({ code: 'not_found' });
});

test('two instructors who demote each other at once leave the course with one', async () => {
  const { course } = await makeTeam(db);
  const [a, b] = [await instructorOf(course.id), await instructorOf(course.id)];
  const demote = (by: typeof a, of: typeof a) =>
    setMember(db, by, { courseId: course.id, userId: of.userId, role: 'student' });
  const results = await Promise.allSettled([demote(a, b), demote(b, a)]);
  expect(results.filter((one) => one.status === 'fulfilled').length).toBe(1);
  expect(await db.prisma.courseMember.count({ where: { courseId: course.id, role: 'instructor' } })).toBe(1);
});

test('students see who is in the course, not their e-mails, and no project of another team', async () => {
  const one = await makeProject(db);
  const teacher = await instructorOf(one.course.id);
  const { id: teamId } = await createTeam(db, teacher, { courseId: one.course.id, name: 'Other' });
  await createProject(db, teacher, { teamId, name: 'Secret' });
  const seen = await getCourse(db, personActor(one.user.id), one.course.id);
  expect(seen.members.filter((member) => member.email !== null).map((member) => member.userId)).toEqual([one.user.id]);
  expect(seen.teams.flatMap((team) => team.projects.map((project) => project.id))).toEqual([one.project.id]);
  const all = await getCourse(db, teacher, one.course.id);
  expect(all.teams.flatMap((team) => team.projects).length).toBe(2);
});

test('a team, a member and a course that are not yours do not exist', async () => {
  const { course, team, user } = await makeTeam(db);
  const elsewhere = await makeTeam(db);
  const teacher = await instructorOf(elsewhere.course.id);
  const hidden = { code: 'not_found' };
  await expect(getCourse(db, teacher, course.id)).rejects.toMatchObject(hidden);
  await expect(createProject(db, teacher, { teamId: team.id, name: 'X' })).rejects.toMatchObject(hidden);
  const change = { courseId: elsewhere.course.id, userId: user.id, role: 'assistant' as const };
  await expect(setMember(db, teacher, change)).rejects.toMatchObject(hidden);
  const kidnap = { courseId: elsewhere.course.id, userId: elsewhere.user.id, teamId: team.id };
  await expect(setMember(db, teacher, kidnap)).rejects.toMatchObject(hidden);
});

test('names are taken once a team; what happened stays in the list of activities', async () => {
  const { team, user } = await makeTeam(db);
  const ada = personActor(user.id);
  const { id } = await createProject(db, ada, { teamId: team.id, name: 'Digits' });
  const twice = createProject(db, ada, { teamId: team.id, name: 'Digits' });
  await expect(twice).rejects.toMatchObject({ code: 'conflict', items: [{ path: 'name' }] });
  await renameProject(db, ada, { projectId: id, name: 'Numbers' });
  await archiveProject(db, ada, { projectId: id, archived: true });
  await archiveProject(db, ada, { projectId: id, archived: true });
  await expect(requireProject(db, ada, id, 'run')).rejects.toMatchObject({ code: 'conflict' });
  await expect(requireProject(db, ada, id, 'read')).resolves.toMatchObject({ canWrite: false });
  await archiveProject(db, ada, { projectId: id, archived: false });
  await expect(requireProject(db, ada, id, 'run')).resolves.toMatchObject({ canWrite: true });
  const kinds = await db.prisma.activity.findMany({ where: { projectId: id }, orderBy: { id: 'asc' } });
  expect(kinds.map((one) => one.kind)).toEqual([
    'project.created',
    'project.renamed',
    'project.archived',
    'project.restored',
  ]);
});
