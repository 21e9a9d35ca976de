import path from 'node:path';
import { AppError, notFound } from '#core/errors.ts';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireCourse, requirePerson } from '../access.ts';
import type { Actor } from '../actor.ts';
import { createCourse } from '../courses/create-course.ts';
import { importLocalFile } from '../datasets/import-local-file.ts';
import { createProject } from '../projects/create-project.ts';
import { digitsPlan } from './digits-plan.ts';

const NAME = 'Handwritten digits';

/**
 * "Try it with handwritten digits": a project with the sample's images, on the same way as any upload, and two runs that
 * start by themselves once it is sealed. In the actor's own team of the course; an instructor without a team gets one,
 * and without a course (null) also a sample course.
 * @param folder of the samples that ship with the product
 */
export async function startSample(
  db: Db,
  blobs: FileBlobs,
  actor: Actor,
  input: { courseId: string | null },
  folder: string,
): Promise<{ projectId: string }> {
  requirePerson(actor);
  const courseId = input.courseId ?? (await createCourse(db, actor, { name: 'Sample course', term: '' })).id;
  const teamId = await ownTeam(db, actor, courseId);
  const project = await createProject(db, actor, { teamId, name: await freeName(db, teamId) });
  await importLocalFile(db, blobs, actor, project.id, path.join(folder, 'mnist-5000.zip'), NAME, digitsPlan());
  return { projectId: project.id };
}

/** The actor's team; instructors and administrators without one get a team of their own, since only a team's members train. */
async function ownTeam(db: Db, actor: Actor, courseId: string): Promise<string> {
  const access = await requireCourse(db, actor, courseId, 'member');
  if (access.teamId !== null) return access.teamId;
  if (access.role !== 'instructor' && !actor.isAdmin) {
    throw new AppError('forbidden', 'You are in no team yet. Your instructor will put you into one.');
  }
  return db.prisma.$transaction(async (tx) => {
    // Two clicks at once must not make two teams.
    const [course] = await tx.$queryRaw<
      { id: string }[]
    >`SELECT id FROM "Course" WHERE id = ${access.courseId}::uuid FOR UPDATE`;
    if (!course) throw notFound('course');
    const member = { courseId: access.courseId, userId: actor.userId };
    const already = await tx.courseMember.findUnique({ where: { courseId_userId: member }, select: { teamId: true } });
    if (already?.teamId) return already.teamId;
    const team = await tx.team.upsert({
      where: { courseId_name: { courseId: access.courseId, name: 'Sample team' } },
      create: { courseId: access.courseId, name: 'Sample team' },
      update: {},
      select: { id: true },
    });
    await tx.courseMember.upsert({
      where: { courseId_userId: member },
      create: { ...member, role: 'instructor', teamId: team.id },
      update: { teamId: team.id },
    });
    return team.id;
  });
}

/** "Handwritten digits", or with the next number where there is one. */
async function freeName(db: Db, teamId: string): Promise<string> {
  const taken = await db.prisma.project.findMany({
    where: { teamId, name: { startsWith: NAME } },
    select: { name: true },
  });
  const names = new Set(taken.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? NAME : `${NAME} ${n}`;
    if (!names.has(name)) return name;
  }
}
