import { expect, test } from 'vitest';
import { TEST_DOCUMENT } from '#core/seal/testing.ts';
import { appendPoints } from '#db/series/series.ts';
import { makeDataset, makeProject, makeRun, makeTeam } from '#db/testing/fixtures.ts';
import { finishedRun, sealedProject } from '#db/testing/sealed-project.ts';
import { testDb } from '#db/testing.ts';
import { recordActivity } from '../activities/record-activity.ts';
import { getOverview } from '../projects/get-overview.ts';
import { personActor } from '../testing.ts';
import { classCsv } from './class-csv.ts';
import { getClass } from './get-class.ts';

const db = await testDb();
const DIGITS = { kind: 'image-classification', image: { height: 8, width: 8, channels: 1 }, classes: ['0', '1'] };
const IRIS = { kind: 'tabular-regression', columns: [], features: 4, targets: [{ name: 'y', offset: 0, scale: 1 }] };
/** 2 steps an epoch; as the first version wrote it, without what later ones added. */
const config = {
  model: { layers: [{ type: 'dense', units: 2, activation: 'linear', bias: true }] },
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  learningRate: 0.01,
  schedule: { kind: 'constant', warmupEpochs: 0 },
  batchSize: 5,
  epochs: 3,
  l2: 0,
  earlyStopping: null,
  seed: 0,
};
const ended = { state: 'finished' as const, endedAt: new Date('2026-11-02T11:00:00Z'), step: 8, config };

async function world(schema: object) {
  const one = await makeProject(db);
  const dataset = await makeDataset(db, one, { schema, nTrain: 10 });
  const teacher = await db.prisma.user.create({ data: { email: `${one.project.id}@example.org`, name: 'T' } });
  await db.prisma.courseMember.create({ data: { courseId: one.course.id, userId: teacher.id, role: 'assistant' } });
  return { ...one, dataset, teacher: personActor(teacher.id) };
}
const at = (metric: string, train: number, validation: number) => ({
  [`${metric}/train`]: train,
  [`${metric}/validation`]: validation,
});

test('a row has runs by state, the best run with its curve, device hours, gap and the last activity', async () => {
  const of = await world(DIGITS);
  const best = await makeRun(db, of, {
    ...ended,
    bestValue: 0.9,
    bestEpoch: 3,
    bestMetrics: at('accuracy', 0.98, 0.9),
  });
  await makeRun(db, of, { ...ended, bestValue: 0.7, bestEpoch: 1 });
  await makeRun(db, of, { ...ended, state: 'failed', stopReason: 'not_a_number', bestValue: Number.NaN });
  await makeRun(db, of, { config, state: 'queued' });
  const startedAt = new Date('2026-11-02T09:30:00Z');
  await db.prisma.attempt.create({
    data: { runId: best.id, number: 1, startedAt, endedAt: new Date('2026-11-02T10:00:00Z') },
  });
  await db.prisma.attempt.create({ data: { runId: best.id, number: 2, startedAt: new Date('2026-11-02T10:00:00Z') } });
  const steps = [2, 4, 6, 8];
  await appendPoints(db.pool, best.id, [
    { name: 'accuracy/validation', steps, times: steps, values: [0.5, 0.8, 0.9, 0.85] },
    {
      name: 'accuracy/train',
      steps: [1, 2, 3, 4, 5, 6, 7, 8],
      times: steps.concat(steps),
      values: [0, 1, 0.5, 1, 1, 1, 1, 1],
    },
  ]);
  await recordActivity(db.prisma, { projectId: of.project.id, userId: null, kind: 'run.failed' });

  const [row, ...rest] = await getClass(db, of.teacher, of.course.id);
  expect(rest).toEqual([]);
  expect(row).toMatchObject({
    team: of.team.name,
    members: ['Ada'],
    project: of.project.name,
    lock: 'sealed',
    metric: 'accuracy',
    unit: '2 classes',
    runs: { queued: 1, running: 0, finished: 2, stopped: 0, failed: 1 },
    activity: { words: 'run failed' },
    help: null,
    opened: null,
  });
  expect(row!.hours).toBeCloseTo(1.5);
  expect(row!.gap).toBeCloseTo(8);
  expect(row!.best).toMatchObject({
    id: best.id,
    value: 0.9,
    epoch: 3,
    validation: { epochs: [1, 2, 3, 4], values: [0.5, 0.8, 0.9, 0.85] },
    train: { epochs: [1, 2, 3, 4], values: [0.5, 0.75, 1, 1] },
  });

  const overview = await getOverview(db, personActor(of.user.id), of.project.id);
  expect(overview).toMatchObject({
    canWrite: true,
    best: { id: best.id },
    firstRun: { id: best.id },
    runs: { queued: 1 },
  });
});

test('of errors the smallest is the best', async () => {
  const of = await world(IRIS);
  await makeRun(db, of, { ...ended, bestValue: 4, bestEpoch: 1 });
  const best = await makeRun(db, of, { ...ended, bestValue: 2, bestEpoch: 1, bestMetrics: at('rmse', 1, 2) });
  const [row] = await getClass(db, of.teacher, of.course.id);
  expect(row).toMatchObject({ metric: 'rmse', unit: 'y', best: { id: best.id }, gap: 2 });
  expect(await getOverview(db, of.teacher, of.project.id)).toMatchObject({
    canWrite: false,
    best: { id: best.id, gap: 2 },
  });
});

test('values can be compared where the classes or targets are the same, whatever the encoding', async () => {
  const of = await world(IRIS);
  const add = async (schema: object) => {
    const project = await db.prisma.project.create({ data: { teamId: of.team.id, name: JSON.stringify(schema) } });
    await makeDataset(db, { ...of, project }, { schema });
  };
  await add({ ...IRIS, targets: [{ name: 'y', offset: 3, scale: 2 }] });
  await add({ ...IRIS, targets: [{ name: 'z', offset: 0, scale: 1 }] });
  await add(DIGITS);
  await add({ ...DIGITS, classes: ['0', '1', '2'] });
  const rows = await getClass(db, of.teacher, of.course.id);
  expect(rows.map((row) => row.unit)).toEqual(['y', 'y', 'z', '2 classes', '3 classes']);
  expect(rows[1]!.scale).toBe(rows[0]!.scale);
  expect(new Set(rows.map((row) => row.scale)).size).toBe(4);
});

test('a team without a project, and one that has not begun for long, have a row too', async () => {
  const { course, team, user } = await makeTeam(db);
  await db.prisma.courseMember.update({
    where: { courseId_userId: { courseId: course.id, userId: user.id } },
    data: { role: 'instructor', teamId: null },
  });
  const rows = await getClass(db, personActor(user.id), course.id, new Date(Date.now() + 8 * 86_400_000));
  expect(rows).toMatchObject([
    { teamId: team.id, projectId: null, lock: 'none', members: [], help: { kind: 'not_begun' } },
  ]);
});

test('students and strangers see no class', async () => {
  const of = await world(DIGITS);
  await expect(getClass(db, personActor(of.user.id), of.course.id)).rejects.toMatchObject({ code: 'forbidden' });
  const other = await world(DIGITS);
  await expect(getClass(db, other.teacher, of.course.id)).rejects.toMatchObject({ code: 'not_found' });
});

test('an archived project leaves the class unless it holds a commitment or an opening', async () => {
  const made = await sealedProject(db);
  const teacher = personActor(made.instructor.id);
  const run = await finishedRun(
    db,
    { projectId: made.project.id, datasetId: made.dataset.id },
    { weightsKey: 'w', digest: 'd' },
    config,
  );
  const archived = (archivedAt: Date | null) =>
    db.prisma.project.update({ where: { id: made.project.id }, data: { archivedAt } });
  await archived(new Date());
  expect(await getClass(db, teacher, made.course.id)).toMatchObject([{ projectId: null, archived: false }]);

  await db.prisma.opening.create({
    data: {
      projectId: made.project.id,
      runId: run.id,
      weightsDigest: 'd',
      weightsKey: 'w',
      configDigest: 'c',
      epoch: 3,
      validation: 0.9,
      n: 10,
      committedById: made.student.id,
    },
  });
  const rows = await getClass(db, teacher, made.course.id);
  expect(rows).toMatchObject([{ projectId: made.project.id, archived: true, lock: 'committed', help: null }]);
  expect(classCsv(rows)).toContain(`${made.project.id},archived,`);
  await archived(null);
  expect(await getClass(db, teacher, made.course.id)).toMatchObject([
    { archived: false, lock: 'committed', caveats: [] },
  ]);
});

test('a score beside which something must be known comes with it, on the page and in the table of grades', async () => {
  const made = await sealedProject(db, { n: TEST_DOCUMENT.result.n });
  const target = { projectId: made.project.id, datasetId: made.dataset.id };
  const run = await finishedRun(db, target, { weightsKey: 'w', digest: TEST_DOCUMENT.run.weightsDigest }, config);
  const weightsDigest = TEST_DOCUMENT.run.weightsDigest;
  const overlap = { contentDigest: 'c', splitDigest: 's', testItems: 1, reason: null };
  const document = {
    ...TEST_DOCUMENT,
    project: { id: made.project.id, name: made.project.name },
    run: { ...TEST_DOCUMENT.run, overlaps: [overlap] },
  };
  await db.prisma.opening.create({
    data: {
      ...{ projectId: made.project.id, runId: run.id, weightsDigest, weightsKey: 'w', configDigest: 'c' },
      ...{ epoch: 3, validation: 0.9, n: 2, committedById: made.student.id },
    },
  });
  const where = { projectId: made.project.id };
  await db.prisma.opening.update({ where, data: { attempts: 1 } });
  const certificate = { document, signature: { algorithm: 'Ed25519', keyId: 'k', value: 'AAAA' } };
  const opened = { state: 'opened' as const, openedAt: new Date(), result: document.result, certificate };
  await db.prisma.opening.update({ where, data: opened });
  const rows = await getClass(db, personActor(made.instructor.id), made.course.id);
  const again = 'the same test part was opened once before';
  const learned = '1 of 2 test items is in data that its weights began with';
  const { validation, result } = TEST_DOCUMENT;
  expect(rows).toMatchObject([
    {
      opened: { run: { number: 12 }, validation: validation.value, test: 0.5, interval: result.interval },
      caveats: [again, learned],
    },
  ]);
  expect(classCsv(rows)).toContain(`,0.5,,${again}; ${learned},12,0.976,0.0945,0.9055\r\n`);
  expect(await getOverview(db, personActor(made.instructor.id), made.project.id)).toMatchObject({
    opening: { runNumber: run.number, validation: 0.9, test: { value: 0.5 } },
  });
});
