import { createHash } from 'node:crypto';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { Db, Prisma } from '../client.ts';

/** Course, team, people, a project with a sealed data set and one finished run: what tests of the final opening start from. */

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

export const TEST_SCHEMA: DatasetSchema = {
  kind: 'tabular-classification',
  columns: [{ name: 'a', type: 'numeric', mean: 0, std: 1, missing: false }],
  features: 1,
  target: 'label',
  classes: ['no', 'yes'],
};

export interface SealedOptions {
  datasetId?: string;
  schema?: DatasetSchema;
  /** items of the sealed part */
  n?: number;
  sealedPart?: { blobKey: string; wrappedKey: Uint8Array; digest: string };
  trainKey?: string;
  /** of another project, whose team then has the same test part twice */
  splitDigest?: string;
  validationKey?: string;
}

let serial = 0;

export async function sealedProject(db: Db, options: SealedOptions = {}) {
  const tag = `${++serial}-${crypto.randomUUID().slice(0, 8)}`;
  const { schema = TEST_SCHEMA, n = 10 } = options;
  const course = await db.prisma.course.create({ data: { name: `Course ${tag}`, term: 'Autumn 2026' } });
  const team = await db.prisma.team.create({ data: { courseId: course.id, name: 'Kestrel' } });
  const person = (name: string) =>
    db.prisma.user.create({ data: { email: `${name.toLowerCase()}-${tag}@example.org`, name } });
  const [student, instructor, stranger] = await Promise.all([person('Amira'), person('Weber'), person('Li')]);
  await db.prisma.courseMember.createMany({
    data: [
      { courseId: course.id, userId: student.id, role: 'student', teamId: team.id },
      { courseId: course.id, userId: instructor.id, role: 'instructor' },
      { courseId: course.id, userId: stranger.id, role: 'student' },
    ],
  });
  const project = await db.prisma.project.create({ data: { teamId: team.id, name: `Project ${tag}` } });
  const dataset = await db.prisma.dataset.create({
    data: {
      ...(options.datasetId && { id: options.datasetId }),
      projectId: project.id,
      createdById: student.id,
      name: 'data',
      filename: 'data.csv',
      state: 'sealed',
      sealedAt: new Date(),
      schema,
      contentDigest: digest(`content ${tag}`),
      splitDigest: options.splitDigest ?? digest(`split ${tag}`),
      trainKey: options.trainKey ?? 'none',
      validationKey: options.validationKey ?? 'none',
      nTrain: 5 * n,
      nValidation: n,
      nTest: n,
      sealedPart: {
        create: {
          n,
          blobKey: options.sealedPart?.blobKey ?? 'none',
          wrappedKey: Uint8Array.from(options.sealedPart?.wrappedKey ?? new Uint8Array(32)),
          digest: options.sealedPart?.digest ?? digest('sealed'),
        },
      },
    },
  });
  return { course, team, student, instructor, stranger, project, dataset };
}

let runNumber = 0;

/** A finished run with kept best weights. */
export async function finishedRun(
  db: Db,
  target: { projectId: string; datasetId: string },
  best: { weightsKey: string; digest: string; epoch?: number; value?: number },
  config: Prisma.InputJsonValue = {},
) {
  const number = ++runNumber;
  const { epoch = 3, value = 0.9 } = best;
  return db.prisma.run.create({
    data: {
      ...target,
      number,
      name: `r-${String(number).padStart(4, '0')}`,
      config,
      state: 'finished',
      startedAt: new Date(),
      endedAt: new Date(),
      bestEpoch: epoch,
      bestValue: value,
      checkpoints: {
        create: { kind: 'best', step: 10 * epoch, epoch, weightsKey: best.weightsKey, digest: best.digest },
      },
    },
  });
}
