import { expect, test } from 'vitest';
import { defaultConfig } from '#core/config/presets.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { scaleWidth } from '#core/model/scale.ts';
import { makeDataset, makeProject, makeRun, makeTeam } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { launchRun } from '../runs/launch-run.ts';
import { personActor } from '../testing.ts';
import { getComparison } from './get-comparison.ts';
import { launchLadder } from './launch-ladder.ts';
import { tryRemedy } from './try-remedy.ts';

const db = await testDb();
const team = await makeTeam(db);
const actor = personActor(team.user.id);
const image = { height: 8, width: 8, channels: 1 as const };
const schema = { kind: 'image-classification', image, classes: ['a', 'b', 'c'] };
const input = { kind: 'image', ...image } as const;
const config = defaultConfig(input, { kind: 'classification', classes: 3 }, 40);
const model = runConfigSchema.parse(config).model;

async function project() {
  const made = await makeProject(db, team);
  const dataset = await makeDataset(db, made, { schema, nTrain: 40, nValidation: 100, nTest: 8 });
  return { ...made, dataset };
}

/** A run that is over and kept its best weights. */
async function trained(of: Awaited<ReturnType<typeof project>>, name: string, more: object = {}) {
  const { id } = await makeRun(db, of, { name, config, state: 'finished', endedAt: new Date(), ...more });
  const best = { kind: 'best', step: 1, epoch: 1, weightsKey: 'w', digest: 'd' } as const;
  await db.prisma.checkpoint.create({ data: { runId: id, ...best } });
  return id;
}

const elsewhere = await project();
const older = await trained(elsewhere, 'older');
const newer = await trained(elsewhere, 'newer');
const file = { filename: 'f', format: 'keras', digest: 'd', weightsKey: 'w', weightsDigest: 'd', parameters: 1 };
const upload = await db.prisma.importedModel.create({
  data: { projectId: elsewhere.project.id, name: 'table', spec: { model, input }, ...file },
});
const rows = { kind: 'vector', features: 4 };
const foreign = await db.prisma.importedModel.create({
  data: {
    projectId: elsewhere.project.id,
    name: 'of rows',
    spec: {
      model: {
        layers: [
          { type: 'dense', units: 2 },
          { type: 'dense', units: 1 },
        ],
      },
      input: rows,
    },
    ...file,
  },
});

const here = await project();
const launched = await launchRun(db, actor, { projectId: here.project.id, config, name: 'plain' });
const runId = launched.runs[0]!.id;
const sibling = await trained(here, 'sibling');
const transfer = (source?: { run: string } | { model: string }) =>
  tryRemedy(db, actor, { runId, remedy: 'transfer', seeds: 1, ...(source && { source }) });

test.each([
  ['an older run', { run: older }],
  ['the newest', { run: newer }],
  ['an upload', { model: upload.id }],
])('transfer starts from the source that was chosen: %s', async (_, source) => {
  const { launched } = await transfer(source);
  const { config } = await db.prisma.run.findUniqueOrThrow({ where: { id: launched[0]!.id } });
  expect(config).toMatchObject({ startFrom: { source } });
});

test('without a choice the best score among runs with the same layers is taken, and another model never is', async () => {
  await db.prisma.importedModel.delete({ where: { id: upload.id } });
  await db.prisma.run.update({ where: { id: older }, data: { bestValue: 0.9 } });
  await db.prisma.run.update({ where: { id: newer }, data: { bestValue: 0.8 } });
  const apart = await launchRun(db, actor, { projectId: here.project.id, config: { ...config, seed: 77 }, name: 'b' });
  const { launched } = await tryRemedy(db, actor, { runId: apart.runs[0]!.id, remedy: 'transfer', seeds: 1 });
  const made = await db.prisma.run.findUniqueOrThrow({ where: { id: launched[0]!.id } });
  expect(made.config).toMatchObject({ startFrom: { source: { run: older } } });
  const narrow = { ...config, model: scaleWidth(model, 0.5) };
  const other = await launchRun(db, actor, { projectId: here.project.id, config: narrow, name: 'narrow' });
  const ask = { runId: other.runs[0]!.id, remedy: 'transfer', seeds: 1 } as const;
  await expect(tryRemedy(db, actor, ask)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/has this run’s layers, .* take over another model as well\. Name the source/),
  });
  const { id } = await tryRemedy(db, actor, { ...ask, source: { run: older } });
  expect(await getComparison(db, actor, id)).toMatchObject({
    otherwise: expect.stringMatching(/^the copy takes over the model of r-0001 older up to /),
  });
});

test('a source that can’t be is refused with why', async () => {
  await expect(transfer({ run: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  await expect(transfer({ model: foreign.id })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^No layer of "of rows" fits the items of this run\. Choose another source/),
  });
  await expect(transfer({ run: sibling })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^"sibling" learned from this project’s items/),
  });
  await expect(
    tryRemedy(db, actor, { runId, remedy: 'dropout', seeds: 1, source: { run: older } }),
  ).rejects.toMatchObject({ code: 'bad_request', message: expect.stringMatching(/^Dropout starts from nothing/) });
});

test('a run that took layers over has no ladder of sizes, and that is said at once', async () => {
  const { id } = await transfer({ run: newer });
  const { runs } = await getComparison(db, actor, id);
  const copy = runs.find((run) => run.arm === 1)!;
  await expect(launchLadder(db, actor, { runId: copy.id, seeds: 1 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/come as wide as they are/),
  });
});
