import { expect, test } from 'vitest';
import type { Prisma } from './client.ts';
import { finishedRun, sealedProject } from './testing/sealed-project.ts';
import { testDb } from './testing.ts';

const db = await testDb();

const w = 'e'.repeat(64);
const commitment = { weightsDigest: w, weightsKey: 'k', configDigest: 'c', epoch: 3, validation: 0.9, n: 10 };

async function committed() {
  const world = await sealedProject(db);
  const projectId = world.project.id;
  const run = await finishedRun(db, { projectId, datasetId: world.dataset.id }, { weightsKey: 'w', digest: w });
  await db.prisma.opening.create({
    data: { projectId, runId: run.id, committedById: world.student.id, ...commitment },
  });
  return { ...world, run, where: { projectId } };
}

function opened(projectId: string, result: Prisma.InputJsonObject = { n: 10, value: 0.5 }) {
  const certificate = { document: { result, run: { weightsDigest: w }, project: { id: projectId } } };
  return { state: 'opened' as const, openedAt: new Date(), result, certificate };
}

async function openedOnce() {
  const world = await committed();
  await db.prisma.opening.update({ where: world.where, data: { attempts: 1 } });
  await db.prisma.opening.update({ where: world.where, data: opened(world.project.id) });
  return world;
}

test('a second opening of a project cannot be inserted', async () => {
  const { project, run } = await committed();
  await expect(
    db.prisma.opening.create({ data: { projectId: project.id, runId: run.id, ...commitment } }),
  ).rejects.toThrow(/nique/);
});

test.each([
  [
    'an opened state',
    { state: 'opened' as const, openedAt: new Date(), result: {}, certificate: {} },
    /begins as committed/,
  ],
  ['attempts', { attempts: 1 }, /begins as committed/],
  ['other weights', { weightsDigest: 'f'.repeat(64) }, /not the kept best weights/],
  ['another epoch', { epoch: 4 }, /not the kept best weights/],
  ['another n', { n: 11 }, /holds 10 items, not 11/],
])('a commitment cannot start with %s', async (_, data, words) => {
  const { project, dataset } = await sealedProject(db);
  const run = await finishedRun(db, { projectId: project.id, datasetId: dataset.id }, { weightsKey: 'w', digest: w });
  await expect(
    db.prisma.opening.create({ data: { projectId: project.id, runId: run.id, ...commitment, ...data } }),
  ).rejects.toThrow(words);
});

test('only an ended run of the same project, on sealed data, can be committed', async () => {
  const one = await sealedProject(db);
  const other = await sealedProject(db);
  const theirs = await finishedRun(
    db,
    { projectId: other.project.id, datasetId: other.dataset.id },
    { weightsKey: 'w', digest: w },
  );
  const create = (runId: string) =>
    db.prisma.opening.create({ data: { projectId: one.project.id, runId, ...commitment } });
  await expect(create(theirs.id)).rejects.toThrow(/is not a run of project/);

  const running = await finishedRun(
    db,
    { projectId: one.project.id, datasetId: one.dataset.id },
    { weightsKey: 'w', digest: w },
  );
  await db.prisma.run.update({ where: { id: running.id }, data: { state: 'running', endedAt: null } });
  await expect(create(running.id)).rejects.toThrow(/has not ended/);

  const open = await db.prisma.dataset.create({
    data: { projectId: one.project.id, createdById: one.student.id, name: 'd', filename: 'd.csv' },
  });
  const unsealed = await finishedRun(
    db,
    { projectId: one.project.id, datasetId: open.id },
    { weightsKey: 'w', digest: w },
  );
  await expect(create(unsealed.id)).rejects.toThrow(/no sealed test part/);
});

test.each([
  ['run', { runId: crypto.randomUUID() }],
  ['weights', { weightsDigest: 'f'.repeat(64) }],
  ['copy of the weights', { weightsKey: 'x' }],
  ['configuration', { configDigest: 'x' }],
  ['epoch', { epoch: 1 }],
  ['validation value', { validation: 1 }],
  ['n', { n: 9 }],
  ['time', { committedAt: new Date(0) }],
  ['project', { projectId: crypto.randomUUID() }],
])('the committed %s never changes', async (_, data) => {
  const { where } = await committed();
  await expect(db.prisma.opening.update({ where, data })).rejects.toThrow(/never changes/);
});

test('nobody takes over who committed; deleting the person keeps the opening', async () => {
  const { where, stranger, student } = await openedOnce();
  await expect(db.prisma.opening.update({ where, data: { committedById: stranger.id } })).rejects.toThrow(
    /never changes/,
  );
  await db.prisma.dataset.updateMany({ where, data: { createdById: stranger.id } });
  await db.prisma.user.delete({ where: { id: student.id } });
  expect(await db.prisma.opening.findUnique({ where })).toMatchObject({ state: 'opened', committedById: null });
});

test('a result cannot appear without its state, nor a state without its result', async () => {
  const { where, project } = await committed();
  await db.prisma.opening.update({ where, data: { attempts: 1 } });
  await expect(db.prisma.opening.update({ where, data: { result: { n: 10 } } })).rejects.toThrow(
    /Opening_opened_complete/,
  );
  await expect(db.prisma.opening.update({ where, data: { state: 'opened' } })).rejects.toThrow(/does not agree/);
  await expect(db.prisma.opening.update({ where, data: { ...opened(project.id), openedAt: null } })).rejects.toThrow(
    /Opening_opened_complete/,
  );
});

test('a result must be of the committed weights, project and n, signed as stored', async () => {
  const { where, project } = await committed();
  const update = (data: Prisma.OpeningUpdateInput) => db.prisma.opening.update({ where, data });
  await expect(update(opened(project.id))).rejects.toThrow(/does not agree/);
  await update({ attempts: 1 });
  await expect(update(opened(project.id, { n: 9, value: 0.5 }))).rejects.toThrow(/does not agree/);
  await expect(update(opened(crypto.randomUUID()))).rejects.toThrow(/does not agree/);
  await expect(update({ ...opened(project.id), result: { n: 10, value: 1 } })).rejects.toThrow(/does not agree/);
  await update(opened(project.id));
});

test.each([
  ['result', { result: { n: 10, value: 1 } }],
  ['certificate', { certificate: {} }],
  ['state', { state: 'committed' as const }],
  ['time', { openedAt: new Date(0) }],
  ['count of attempts', { attempts: 2 }],
  ['lease', { leaseBy: 'x' }],
])('an opened %s is final', async (_, data) => {
  const { where } = await openedOnce();
  await expect(db.prisma.opening.update({ where, data })).rejects.toThrow(/final/);
});

test('an opening cannot be deleted, nor its project, run or table', async () => {
  const { where, project, run, course } = await openedOnce();
  await expect(db.prisma.opening.delete({ where })).rejects.toThrow(/never removed/);
  await expect(db.prisma.project.delete({ where: { id: project.id } })).rejects.toThrow();
  await expect(db.prisma.course.delete({ where: { id: course.id } })).rejects.toThrow();
  await expect(db.prisma.run.delete({ where: { id: run.id } })).rejects.toThrow();
  await expect(db.pool.query('TRUNCATE "Opening"')).rejects.toThrow(/never removed/);
  await expect(db.pool.query('TRUNCATE "Course" CASCADE')).rejects.toThrow(/never removed/);
  expect(await db.prisma.opening.count({ where })).toBe(1);
});

test('what a commitment stands on stays as it is', async () => {
  const { run, dataset } = await committed();
  const where = { id: run.id };
  await expect(db.prisma.run.update({ where, data: { config: { epochs: 9 } } })).rejects.toThrow(/committed as final/);
  await db.prisma.run.update({ where, data: { name: 'a better name' } });
  const part = { datasetId: dataset.id };
  await expect(db.prisma.sealedPart.update({ where: part, data: { n: 9 } })).rejects.toThrow(/never changes/);
  await expect(db.prisma.sealedPart.delete({ where: part })).rejects.toThrow(/committed or opened/);
  await expect(db.prisma.dataset.update({ where: { id: dataset.id }, data: { schema: {} } })).rejects.toThrow(
    /is sealed/,
  );
  await expect(db.prisma.dataset.update({ where: { id: dataset.id }, data: { state: 'failed' } })).rejects.toThrow(
    /is sealed/,
  );
});

test('a published key is never changed or removed', async () => {
  await db.prisma.certificateKey.create({ data: { kid: 'k', x: 'x' } });
  await expect(db.prisma.certificateKey.update({ where: { kid: 'k' }, data: { x: 'y' } })).rejects.toThrow(
    /never removed/,
  );
  await expect(db.prisma.certificateKey.delete({ where: { kid: 'k' } })).rejects.toThrow(/never removed/);
});
