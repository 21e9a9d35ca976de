import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { makeTeam } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { launchAfterSeal } from '../datasets/launch-after-seal.ts';
import { launchRun } from '../runs/launch-run.ts';
import { personActor } from '../testing.ts';
import { digitsPlan } from './digits-plan.ts';
import { startSample } from './start-sample.ts';

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-sample-'));
const blobs = openBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));
const start = (userId: string, courseId: string | null, isAdmin = false) =>
  startSample(db, blobs, personActor(userId, { isAdmin }), { courseId }, 'samples');

/** As the referee leaves it. */
const seal = (projectId: string) =>
  db.prisma.dataset.updateManyAndReturn({
    where: { projectId },
    data: {
      state: 'sealed',
      sealedAt: new Date(),
      schema: {
        kind: 'image-classification',
        image: { height: 28, width: 28, channels: 1 },
        classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
      },
      contentDigest: 'content',
      splitDigest: 'split',
      trainKey: 'train',
      validationKey: 'validation',
      nTrain: 3500,
      nValidation: 750,
      nTest: 750,
    },
  });
const runsOf = (projectId: string) => db.prisma.run.findMany({ where: { projectId }, orderBy: { number: 'asc' } });

test('a student gets a project in the own team, with the sample uploaded and its runs ordered', async () => {
  const { course, team, user } = await makeTeam(db);
  const { projectId } = await start(user.id, course.id);
  const project = await db.prisma.project.findUniqueOrThrow({ where: { id: projectId }, include: { datasets: true } });
  expect(project).toMatchObject({ teamId: team.id, name: 'Handwritten digits' });
  expect(project.datasets).toMatchObject([
    { state: 'uploaded', filename: 'mnist-5000.zip', decision: { automatic: true }, afterSeal: digitsPlan() },
  ]);
  const again = await db.prisma.project.findUniqueOrThrow({
    where: { id: (await start(user.id, course.id)).projectId },
  });
  expect(again.name).toBe('Handwritten digits 2');
});

test('before it is sealed nothing is launched; then exactly two runs, whoever asks and however often', async () => {
  const { course, user } = await makeTeam(db);
  const { projectId } = await start(user.id, course.id);
  await launchAfterSeal(db);
  expect(await runsOf(projectId)).toEqual([]);
  await seal(projectId);
  await Promise.all(Array.from({ length: 6 }, () => launchAfterSeal(db)));
  await launchAfterSeal(db);
  const runs = await runsOf(projectId);
  expect(runs.map((run) => run.name)).toEqual(digitsPlan().map((planned) => planned.name));
  expect(runs[1]).toMatchObject({ parentId: runs[0]!.id, createdById: user.id, state: 'queued' });
});

test('a crash between the two is made good', async () => {
  const { course, user } = await makeTeam(db);
  const { projectId } = await start(user.id, course.id);
  await seal(projectId);
  const [first] = digitsPlan();
  await launchRun(db, personActor(user.id), { projectId, ...first! });
  await launchAfterSeal(db);
  expect((await runsOf(projectId)).map((run) => run.name)).toEqual(digitsPlan().map((planned) => planned.name));
});

test('who has left the team by then launches nothing, and the order is dropped', async () => {
  const { course, user } = await makeTeam(db);
  const { projectId } = await start(user.id, course.id);
  await db.prisma.courseMember.deleteMany({ where: { courseId: course.id, userId: user.id } });
  const [dataset] = await seal(projectId);
  await launchAfterSeal(db);
  expect(await runsOf(projectId)).toEqual([]);
  expect(await db.prisma.dataset.findUnique({ where: { id: dataset!.id } })).toMatchObject({ afterSeal: null });
});

test('an administrator without a course gets one with a team; an assistant without a team is refused', async () => {
  const admin = await db.prisma.user.create({ data: { email: 'root@example.org', name: 'Root', isAdmin: true } });
  const { projectId } = await start(admin.id, null, true);
  const { team } = await db.prisma.project.findUniqueOrThrow({
    where: { id: projectId },
    include: { team: { include: { course: { include: { members: true } } } } },
  });
  expect(team.course).toMatchObject({
    name: 'Sample course',
    members: [{ userId: admin.id, role: 'instructor', teamId: team.id }],
  });
  const { course, user } = await makeTeam(db);
  await db.prisma.courseMember.updateMany({ where: { userId: user.id }, data: { role: 'assistant', teamId: null } });
  await expect(start(user.id, course.id)).rejects.toMatchObject({ code: 'forbidden' });
});
