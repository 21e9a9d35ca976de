import { expect, test } from 'vitest';
import { defaultConfig } from '#core/config/presets.ts';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { makeDataset, makeProject } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { launchRun } from '../runs/launch-run.ts';
import { personActor } from '../testing.ts';
import { getComparison } from './get-comparison.ts';
import { launchLadder } from './launch-ladder.ts';
import { listComparisons, listComparisonsOfRun } from './list-comparisons.ts';
import { tryRemedy } from './try-remedy.ts';

const db = await testDb();
const image = { height: 8, width: 8, channels: 1 as const };
const schema = { kind: 'image-classification', image, classes: ['a', 'b', 'c'] };
const config = defaultConfig({ kind: 'image', ...image }, { kind: 'classification', classes: 3 }, 40);

async function newRun(more: Partial<RunConfig> = {}) {
  const made = await makeProject(db);
  await makeDataset(db, made, { schema, nTrain: 40, nValidation: 100, nTest: 8 });
  const actor = personActor(made.user.id);
  const projectId = made.project.id;
  const { runs } = await launchRun(db, actor, {
    projectId,
    config: runConfigSchema.parse({ ...config, ...more }),
    name: 'plain',
  });
  return { actor, projectId, runId: runs[0]!.id };
}

/** Ends a run with these figures at its best and last epoch. */
async function finish(id: string, accuracy: number, train: number, validation: number) {
  const metrics = {
    'accuracy/train': 1,
    'accuracy/validation': accuracy,
    'loss/train': train,
    'loss/validation': validation,
  };
  await db.prisma.run.update({
    where: { id },
    data: {
      state: 'finished',
      endedAt: new Date(),
      epoch: 12,
      bestEpoch: 3,
      bestMetrics: metrics,
      lastMetrics: metrics,
    },
  });
}

test('launches what lacks on both sides, the same seeds, each pair one change apart', async () => {
  const { actor, runId } = await newRun({ seed: 7 });
  const { id, launched } = await tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 3 });
  expect(launched.map((run) => [run.number, run.name])).toEqual([
    [2, 'plain · seed 8'],
    [3, 'plain · seed 9'],
    [4, 'plain + dropout 0.3 · seed 7'],
    [5, 'plain + dropout 0.3 · seed 8'],
    [6, 'plain + dropout 0.3 · seed 9'],
  ]);
  const { runs, sentence, base } = await getComparison(db, actor, id);
  expect(base!.id).toBe(runId);
  expect(runs.map((run) => [run.arm, run.seed])).toEqual([
    [0, 7],
    [0, 8],
    [0, 9],
    [1, 7],
    [1, 8],
    [1, 9],
  ]);
  expect(runs[0]!.id).toBe(runId);
  expect(sentence).toMatch(/nothing to compare yet/);
  const parents = await db.prisma.run.findMany({
    where: { id: { in: runs.slice(3).map((r) => r.id) } },
    orderBy: { number: 'asc' },
  });
  expect(parents.map((run) => run.parentId)).toEqual(runs.slice(0, 3).map((r) => r.id));
});

test('takes over what is trained already: asked again nothing is launched, another remedy launches its own side only', async () => {
  const { actor, runId, projectId } = await newRun();
  const first = await tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 3 });
  expect(await tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 3 })).toEqual({ id: first.id, launched: [] });
  const other = await tryRemedy(db, actor, { runId, remedy: 'weight_penalty', seeds: 3 });
  expect(other.launched.map((run) => run.name)).toEqual([0, 1, 2].map((seed) => `plain + L2 0.0001 · seed ${seed}`));
  expect((await listComparisons(db, actor, projectId)).map((c) => [c.title, c.runs])).toEqual([
    ['L2 0.0001', 6],
    ['Dropout 0.3', 6],
  ]);
  expect(await listComparisonsOfRun(db, actor, first.launched[0]!.id)).toHaveLength(2);
  expect(await listComparisonsOfRun(db, actor, first.launched.at(-1)!.id)).toHaveLength(1);
});

test('two who press at once launch it once', async () => {
  const { actor, runId } = await newRun();
  const [a, b] = await Promise.all([1, 2].map(() => tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 1 })));
  expect(a!.id).toBe(b!.id);
  expect(a!.launched.length + b!.launched.length).toBe(1);
});

test('a run that was cut short is not taken for one of its configuration', async () => {
  const { actor, runId } = await newRun();
  await db.prisma.run.update({ where: { id: runId }, data: { state: 'stopped', endedAt: new Date() } });
  const { launched } = await tryRemedy(db, actor, { runId, remedy: 'early_stopping', seeds: 1 });
  expect(launched.map((run) => run.name)).toEqual(['plain', 'plain + early stopping']);
});

test('tells what the change did from whole runs alone, paired by seed', async () => {
  const { actor, runId } = await newRun();
  const { id } = await tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 3 });
  const { runs } = await getComparison(db, actor, id);
  for (const [i, run] of runs.entries())
    await finish(
      run.id,
      (run.arm ? 0.92 : 0.9) + (i % 3) / 50 + (i === 3 ? 0.001 : 0),
      run.arm ? 0.2 : 0.1,
      0.4 + (i % 3) / 10,
    );
  const whole = await getComparison(db, actor, id);
  expect(whole.measures.map((m) => [m.id, m.pairs, m.verdict])).toEqual([
    ['metric', 3, 'better'],
    ['loss', 3, 'noise'],
    ['gap', 3, 'better'],
    ['metric_gap', 3, 'better'],
  ]);
  expect(whole.sentence).toMatch(/^Dropout 0\.3 made validation accuracy better: \+2\.0 points/);
  expect(whole.caution).toMatch(/with dropout on/);
  await db.prisma.run.update({ where: { id: runs[5]!.id }, data: { state: 'stopped' } });
  const cut = await getComparison(db, actor, id);
  expect(cut).toMatchObject({ cut: 1, done: 6 });
  expect(cut.measures[0]!.pairs).toBe(2);
});

test('runs that became not a number are a result: taken over, and told beside what the change made of it', async () => {
  const { actor, runId } = await newRun({ learningRate: 0.3 });
  const diverge = (id: string) =>
    db.prisma.run.update({
      where: { id },
      data: { state: 'failed', stopReason: 'not_a_number', endedAt: new Date() },
    });
  await diverge(runId);
  const { id, launched } = await tryRemedy(db, actor, { runId, remedy: 'rate_tenth', seeds: 3 });
  expect(launched).toHaveLength(5);
  const { runs } = await getComparison(db, actor, id);
  expect(runs[0]!.id).toBe(runId);
  for (const run of runs) await (run.arm ? finish(run.id, 0.93 + run.seed / 100, 0.1, 0.2) : diverge(run.id));
  const ended = await getComparison(db, actor, id);
  expect(ended).toMatchObject({ done: 6, cut: 0, diverged: 3, measures: [] });
  expect(ended.sentence).toBe(
    'As it was: 3 of 3 became not a number. With learning rate 0.03: 3 of 3 trained, accuracy 0.940 (0.930 to 0.950).',
  );
  expect((await listComparisonsOfRun(db, actor, runId))[0]).toMatchObject({ verdict: null, diverged: 3 });
  await finish(runId, 0.5, 0.1, 0.2);
  await db.prisma.run.update({ where: { id: runId }, data: { stopReason: 'completed' } });
  expect((await getComparison(db, actor, id)).sentence).toMatch(
    /^As it was: 2 of 3 became not a number, 1 of 3 trained, .* Learning rate 0\.03 changed validation accuracy by/,
  );
});

test('early stopping that never acted has no effect to tell: which epoch is kept differs, and that is said', async () => {
  const { actor, runId } = await newRun({ epochs: 12 });
  const { id } = await tryRemedy(db, actor, { runId, remedy: 'early_stopping', seeds: 1 });
  const { runs } = await getComparison(db, actor, id);
  for (const run of runs) await finish(run.id, 0.9, 0.1, 0.4);
  await db.prisma.run.update({ where: { id: runs[1]!.id }, data: { bestEpoch: 2 } });
  const { sentence, measures } = await getComparison(db, actor, id);
  expect(new Set(measures.map((m) => m.verdict))).toEqual(new Set(['same']));
  expect((await listComparisonsOfRun(db, actor, runId))[0]).toMatchObject({ verdict: 'same' });
  expect(sentence).toMatch(
    /^It never acted: the curves are the same; only .* accuracy \(epoch 3\); with early stopping, .* loss \(epoch 2\)\.$/,
  );
});

test('a remedy that would change nothing is refused and launches nothing', async () => {
  const { actor, runId, projectId } = await newRun({
    earlyStopping: { metric: 'loss', direction: 'min', patience: 5, minDelta: 0, warmupEpochs: 0 },
  });
  await expect(tryRemedy(db, actor, { runId, remedy: 'early_stopping', seeds: 1 })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await db.prisma.run.count({ where: { projectId } })).toBe(1);
  expect(await listComparisons(db, actor, projectId)).toEqual([]);
});

test.each([1, 6])('early stopping in a run of %i epochs could never act: refused, with what to do', async (epochs) => {
  const { actor, runId, projectId } = await newRun({ epochs });
  await expect(tryRemedy(db, actor, { runId, remedy: 'early_stopping', seeds: 1 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      new RegExp(`after epoch 6 .* only ${epochs}, so it could never act\\. .* more than 6 epochs`),
    ),
  });
  expect(await db.prisma.run.count({ where: { projectId } })).toBe(1);
});

test('early stopping in a run one epoch longer than it may last is tried', async () => {
  const { actor, runId } = await newRun({ epochs: 7 });
  expect((await tryRemedy(db, actor, { runId, remedy: 'early_stopping', seeds: 1 })).launched).toHaveLength(1);
});

test('transfer without anything that fits says to train or upload it', async () => {
  const { actor, runId } = await newRun();
  await expect(tryRemedy(db, actor, { runId, remedy: 'transfer', seeds: 1 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/none that fits this run was found\. Train one .* or upload one\.$/),
  });
});

test('a ladder trains five widths and reads losses against parameters', async () => {
  const { actor, runId } = await newRun();
  const { id, launched } = await launchLadder(db, actor, { runId, seeds: 1 });
  expect(launched.map((run) => run.name)).toEqual(['plain × 0.125', 'plain × 0.25', 'plain × 0.5', 'plain × 2']);
  const { runs, rungs } = await getComparison(db, actor, id);
  expect(runs.map((run) => run.arm)).toEqual([0.125, 0.25, 0.5, 1, 2]);
  expect(rungs.map((rung) => rung.parameters)).toEqual([...rungs.map((r) => r.parameters)].sort((a, b) => a - b));
  for (const run of runs) await finish(run.id, 0.9, 0.4 - run.arm / 8, 0.5 + Math.abs(run.arm - 0.5) / 10);
  const whole = await getComparison(db, actor, id);
  expect(whole.sentence).toMatch(/lowest, 0\.500, at × 0\.5: .* One seed a size/);
  expect(whole.rungs[4]!.end!.train.mean).toBeCloseTo(0.15);
});

test('a model without a hidden layer has no ladder', async () => {
  const { actor, runId } = await newRun({
    model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 3, activation: 'linear', bias: true }] },
  });
  await expect(launchLadder(db, actor, { runId, seeds: 1 })).rejects.toMatchObject({ code: 'conflict' });
});

test('what was compared stays when the run that it started from is deleted', async () => {
  const { actor, runId } = await newRun();
  const { id } = await tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 3 });
  await db.prisma.run.delete({ where: { id: runId } });
  expect(await getComparison(db, actor, id)).toMatchObject({ base: null, runs: { length: 5 } });
});
