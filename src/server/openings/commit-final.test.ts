import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { finishedRun, sealedProject } from '#db/testing/sealed-project.ts';
import { testDb } from '#db/testing.ts';
import type { Actor } from '../actor.ts';
import { getLaunchInfo } from '../runs/get-launch-info.ts';
import { commitFinal } from './commit-final.ts';
import { getFinal } from './get-final.ts';

const db = await testDb();
const dataDir = await mkdtemp(path.join(tmpdir(), 'holdout-commit-'));
afterAll(() => rm(dataDir, { recursive: true }));
const blobs = openBlobs(dataDir);

const session = (userId: string): Actor => ({ userId, isAdmin: false, via: { kind: 'session', sessionId: 's' } });

async function world(runs = 1, splitDigest?: string) {
  const made = await sealedProject(db, { ...(splitDigest && { splitDigest }) });
  const target = { projectId: made.project.id, datasetId: made.dataset.id };
  const finished = [];
  for (let i = 0; i < runs; i++) {
    const weights = randomBytes(64);
    const key = `runs/${crypto.randomUUID()}/best.safetensors`;
    await blobs.put(key, weights);
    const best = { weightsKey: key, digest: createHash('sha256').update(weights).digest('hex'), value: 0.9 - i / 100 };
    finished.push({ ...(await finishedRun(db, target, best)), key });
  }
  return { ...made, runs: finished, actor: session(made.student.id), projectId: made.project.id };
}

test('50 commitments at the same instant to 5 different runs make one opening, and all get that one', async () => {
  const { actor, projectId, project, runs } = await world(5);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      commitFinal(db, blobs, actor, { projectId, runId: runs[i % 5]!.id, confirmation: project.name }),
    ),
  );
  expect(answers.filter((a) => !a.already)).toHaveLength(1);
  expect(new Set(answers.map((a) => a.opening.weightsDigest)).size).toBe(1);
  expect(await db.prisma.opening.count({ where: { projectId } })).toBe(1);
  expect(await db.prisma.activity.count({ where: { projectId, kind: 'test.committed' } })).toBe(1);
  // One copy of the weights stays: the committed one.
  const kept = await readdir(path.join(dataDir, 'blobs', 'openings', projectId));
  expect(kept).toEqual([`${answers[0]!.opening.weightsDigest}.safetensors`]);
});

test('a later commitment gets the first one, whichever run it names', async () => {
  const { actor, projectId, project, runs } = await world(2);
  const commit = (runId: string) => commitFinal(db, blobs, actor, { projectId, runId, confirmation: project.name });
  const first = await commit(runs[1]!.id);
  expect(first).toMatchObject({ already: false, opening: { state: 'committed', n: 10, run: { id: runs[1]!.id } } });
  for (const id of [runs[0]!.id, runs[1]!.id, 'nonsense'])
    expect(await commit(id)).toMatchObject({ already: true, opening: { run: { id: runs[1]!.id } } });
});

test('a check before a training can not be final', async () => {
  const { actor, projectId, project, runs } = await world();
  const id = runs[0]!.id;
  const { config } = await db.prisma.run.findUniqueOrThrow({ where: { id } });
  await db.prisma.run.update({ where: { id }, data: { config: { ...(config as object), mode: 'overfit_batch' } } });
  await expect(
    commitFinal(db, blobs, actor, { projectId, runId: id, confirmation: project.name }),
  ).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('a check (overfit one batch), not a training'),
  });
  expect(await db.prisma.opening.count({ where: { projectId } })).toBe(0);
});

test('the page says of which run the first weights learned from other data, and tells no digest of content', async () => {
  const { actor, projectId, runs } = await world(2);
  const { contentDigest, splitDigest } = await db.prisma.dataset.findUniqueOrThrow({
    where: { id: runs[0]!.datasetId },
  });
  const step = {
    ...{ kind: 'run', runId: 'r', number: 4, name: 'base', projectId: 'p', project: 'Half', team: 'Heron', epoch: 2 },
    ...{ dataset: 'half of it', cutAfter: null, layers: ['dense_1'], weightsDigest: 'w', splitDigest },
  };
  const begin = (runId: string, digest: string | null) =>
    db.prisma.lineage.create({
      data: { runId, sources: [{ ...step, contentDigest: digest }], weightsKey: 'w', digest: 'w' },
    });
  await begin(runs[0]!.id, 'f'.repeat(64));
  await begin(runs[1]!.id, contentDigest);
  const { candidates } = await getFinal(db, actor, { projectId });
  const of = (id: string) => candidates.find((each) => each.id === id)?.elsewhere;
  expect(of(runs[0]!.id)).toContain(
    'trained on the data set half of it. When it opens the test part, the referee counts',
  );
  expect(of(runs[1]!.id)).toBeNull();
  expect(JSON.stringify(candidates)).not.toContain('f'.repeat(64));
});

test('weights of another epoch that the run keeps may be committed, with their own validation value', async () => {
  const { actor, projectId, project, runs } = await world();
  const weights = randomBytes(64);
  const kept = { runId: runs[0]!.id, epoch: 9, step: 90, weightsKey: `runs/${runs[0]!.id}/kept/epoch-9-1.safetensors` };
  await blobs.put(kept.weightsKey, weights);
  const digest = createHash('sha256').update(weights).digest('hex');
  await db.prisma.keptCheckpoint.create({ data: { ...kept, digest, metrics: { 'accuracy/validation': 0.85 } } });
  const commit = (epoch: number) =>
    commitFinal(db, blobs, actor, { projectId, runId: runs[0]!.id, confirmation: project.name, epoch });
  await expect(commit(4)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('keeps no weights of epoch 4. It keeps: 3, 9.'),
  });
  const { candidates } = await getFinal(db, actor, { projectId });
  expect(candidates[0]).toMatchObject({ epoch: 3, others: [{ epoch: 9, validation: 0.85 }] });
  await commit(9);
  const row = await db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
  expect(row).toMatchObject({ epoch: 9, validation: 0.85, weightsDigest: digest });
  expect(await blobs.get(row.weightsKey)).toEqual(weights);
});

test('the committed weights outlive their run', async () => {
  const { actor, projectId, project, runs } = await world();
  const weights = await blobs.get(runs[0]!.key);
  const { opening } = await commitFinal(db, blobs, actor, {
    projectId,
    runId: runs[0]!.id,
    confirmation: project.name,
  });
  await blobs.delete(runs[0]!.key);
  const row = await db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
  expect(await blobs.get(row.weightsKey)).toEqual(weights);
  expect(row.weightsDigest).toBe(opening.weightsDigest);
});

test('only members of the team may commit; strangers learn nothing', async () => {
  const { projectId, project, runs, instructor, stranger, student } = await world();
  const input = { projectId, runId: runs[0]!.id, confirmation: project.name };
  await expect(commitFinal(db, blobs, session(stranger.id), input)).rejects.toMatchObject({ code: 'not_found' });
  await expect(commitFinal(db, blobs, session(instructor.id), input)).rejects.toMatchObject({ code: 'forbidden' });
  const token = (scopes: ('read' | 'run' | 'submit')[]): Actor => ({
    userId: student.id,
    isAdmin: false,
    via: { kind: 'token', tokenId: 't', scopes, projectId: null },
  });
  await expect(commitFinal(db, blobs, token(['read', 'run']), input)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await db.prisma.opening.count({ where: { projectId } })).toBe(0);
  await commitFinal(db, blobs, token(['submit']), input);
});

test.each(['', 'project', ' '])('the name must be typed exactly, not as "%s"', async (typed) => {
  const { actor, projectId, project, runs } = await world();
  for (const confirmation of [typed, `${project.name} `, project.name.toUpperCase()])
    await expect(commitFinal(db, blobs, actor, { projectId, runId: runs[0]!.id, confirmation })).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining(project.name),
    });
});

test('runs that cannot be final are refused in words', async () => {
  const { actor, projectId, project, dataset } = await world();
  const other = await world();
  const commit = (runId: string) => commitFinal(db, blobs, actor, { projectId, runId, confirmation: project.name });
  await expect(commit(other.runs[0]!.id)).rejects.toMatchObject({ code: 'not_found' });

  const target = { projectId, datasetId: dataset.id };
  const running = await finishedRun(db, target, { weightsKey: 'x', digest: 'x' });
  await db.prisma.run.update({ where: { id: running.id }, data: { state: 'running', endedAt: null } });
  await expect(commit(running.id)).rejects.toThrow(/must have finished/);

  const bare = await finishedRun(db, target, { weightsKey: 'x', digest: 'x' });
  await db.prisma.checkpoint.deleteMany({ where: { runId: bare.id } });
  await expect(commit(bare.id)).rejects.toThrow(/kept no best weights/);

  await blobs.put('damaged', Buffer.from('other bytes'));
  const damaged = await finishedRun(db, target, { weightsKey: 'damaged', digest: 'f'.repeat(64) });
  await expect(commit(damaged.id)).rejects.toThrow(/damaged/);
  expect(await db.prisma.opening.count({ where: { projectId } })).toBe(0);
});

test('the page of a sealed project says how many, which runs, and nothing of the items', async () => {
  const { actor, projectId, runs, instructor, stranger } = await world(3);
  const view = await getFinal(db, actor, { projectId });
  expect(view).toMatchObject({
    state: 'sealed',
    canOpen: true,
    opening: null,
    sealed: { n: 10, total: 70, task: 'classification' },
  });
  expect(view.candidates.map((c) => c.id)).toEqual(runs.map((r) => r.id));
  expect(JSON.stringify(view)).not.toMatch(/wrappedKey|blobKey|schema|"classes"/);
  expect(await getFinal(db, session(instructor.id), { projectId })).toMatchObject({ canOpen: false });
  await expect(getFinal(db, session(stranger.id), { projectId })).rejects.toMatchObject({ code: 'not_found' });
});

test('before the opening the page tells what the team has committed of the same test part, archived projects too', async () => {
  const first = await world();
  await commitFinal(db, blobs, first.actor, {
    projectId: first.projectId,
    runId: first.runs[0]!.id,
    confirmation: first.project.name,
  });
  expect((await getLaunchInfo(db, first.actor, first.projectId)).dataset?.testPart).toBe('committed');
  await db.prisma.project.update({ where: { id: first.projectId }, data: { archivedAt: new Date() } });
  const second = await world(1, first.dataset.splitDigest!);
  const ofAnotherTeam = await getFinal(db, second.actor, { projectId: second.projectId });
  expect(ofAnotherTeam.earlier).toEqual([]);

  await db.prisma.project.update({ where: { id: second.projectId }, data: { teamId: first.team.id } });
  const { earlier, canOpen } = await getFinal(db, first.actor, { projectId: second.projectId });
  expect(canOpen).toBe(true);
  expect((await getLaunchInfo(db, first.actor, second.projectId)).dataset?.testPart).toBe('sealed');
  expect(earlier).toMatchObject([{ project: { id: first.projectId, name: first.project.name }, openedAt: null }]);
  // The first project had nothing before it.
  expect((await getFinal(db, first.actor, { projectId: first.projectId })).earlier).toEqual([]);
});
