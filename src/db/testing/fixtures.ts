import { randomUUID } from 'node:crypto';
import type { Db, Prisma } from '../client.ts';

/** Rows that many tests need, made as the product makes them; each call makes its own. */

export async function makeTeam(db: Db) {
  const course = await db.prisma.course.create({ data: { name: 'Machine learning' } });
  const team = await db.prisma.team.create({ data: { courseId: course.id, name: `Team ${randomUUID().slice(0, 8)}` } });
  const user = await db.prisma.user.create({ data: { email: `${randomUUID()}@example.org`, name: 'Ada' } });
  await db.prisma.courseMember.create({
    data: { courseId: course.id, userId: user.id, role: 'student', teamId: team.id },
  });
  return { course, team, user };
}

export async function makeProject(db: Db, team?: Awaited<ReturnType<typeof makeTeam>>) {
  const of = team ?? (await makeTeam(db));
  const project = await db.prisma.project.create({
    data: { teamId: of.team.id, name: `Project ${randomUUID().slice(0, 8)}` },
  });
  return { ...of, project };
}

/** A sealed data set without blobs, unless `data` names some. */
export async function makeDataset(
  db: Db,
  of: { project: { id: string }; user: { id: string } },
  data: Partial<Prisma.DatasetUncheckedCreateInput> = {},
) {
  return db.prisma.dataset.create({
    data: {
      projectId: of.project.id,
      createdById: of.user.id,
      name: 'data',
      filename: 'data.csv',
      state: 'sealed',
      sealedAt: new Date(),
      schema: {},
      contentDigest: 'content',
      splitDigest: 'split',
      trainKey: 'packs/none/train.safetensors',
      validationKey: 'packs/none/validation.safetensors',
      nTrain: 1,
      nValidation: 1,
      nTest: 1,
      ...data,
    },
  });
}

export async function makeRun(
  db: Db,
  of: { project: { id: string }; dataset: { id: string } },
  data: Partial<Prisma.RunUncheckedCreateInput> = {},
) {
  const { lastRun } = await db.prisma.project.update({
    where: { id: of.project.id },
    data: { lastRun: { increment: 1 } },
  });
  return db.prisma.run.create({
    data: { projectId: of.project.id, datasetId: of.dataset.id, number: lastRun, name: 'run', config: {}, ...data },
  });
}
