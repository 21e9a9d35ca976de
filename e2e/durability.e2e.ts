import type { DatasetWire, Run } from '#core/api/schemas.ts';
import { presetsFor } from '#core/config/presets.ts';
import type { RunConfigInput } from '#core/config/run-config.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { expect, TestServer, test } from './fixtures.ts';
import { TeamApi } from './team-api.ts';

/** kill -9 of each process in the middle of an ingest and a run, as one script lives through it; of an opening: final.e2e.ts. */

let server: TestServer;
let team: TeamApi;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  server = await TestServer.start();
  team = await TeamApi.create(server);
});
test.afterAll(() => server.remove());

/** Long enough that there is a middle to kill it in. */
function configFor(dataset: DatasetWire, epochs: number): RunConfigInput {
  const schema = dataset.schema!;
  const { model } = presetsFor(inputOf(schema), taskOf(schema)).find((preset) => preset.id === 'small_cnn')!;
  return { model, optimizer: { kind: 'adam' }, learningRate: 1e-3, batchSize: 64, epochs, seed: 5 };
}

let digits: { projectId: string; dataset: DatasetWire };

test('an ingest whose referee and database are killed ends with the split of one left in peace', async () => {
  const peace = await team.createProject('In peace');
  const undisturbed = await team.sealed(await team.upload(peace, 'samples/mnist-5000.zip'));
  expect(undisturbed.items).toEqual({ train: 3500, validation: 750, test: 750 });

  const projectId = await team.createProject('Disturbed');
  const datasetId = await team.upload(projectId, 'samples/mnist-5000.zip');
  await team.until<DatasetWire>(`/datasets/${datasetId}`, (d) => d.state === 'inspecting');
  await server.kill('referee');
  await team.until<DatasetWire>(`/datasets/${datasetId}`, (d) => d.state !== 'uploaded');
  await server.kill('postgres');
  const dataset = await team.sealed(datasetId);
  expect(dataset.splitDigest).toBe(undisturbed.splitDigest);
  expect(dataset.items).toEqual(undisturbed.items);
  digits = { projectId, dataset };
});

test('a run whose trainer, database and web are killed goes on, and its curve is that of one left in peace', async () => {
  const config = configFor(digits.dataset, 30);
  const peace = await team.ended(await team.launch(digits.projectId, 'in peace', config));
  expect(peace.state).toBe('finished');

  const runId = await team.launch(digits.projectId, 'disturbed', config);
  const past = (step: number) => team.until<Run>(`/runs/${runId}`, (r) => r.step >= step || r.endedAt !== null);
  await past(60);
  await server.kill('trainer');
  await past(140);
  await server.kill('postgres');
  await past(230);
  await server.kill('web');
  const run = await team.ended(runId);
  expect(run.state, run.message ?? '').toBe('finished');

  for (const name of ['loss/train', 'loss/validation', 'accuracy/validation']) {
    const [a, b] = [await team.series(peace.id, name), await team.series(runId, name)];
    expect(b.steps, name).toEqual(a.steps);
    b.values.forEach((value, i) => {
      expect(Math.abs(value! - a.values[i]!), `${name} at step ${b.steps[i]}`).toBeLessThan(1e-3);
    });
  }
  const train = await team.series(runId, 'loss/train');
  expect(train.steps).toEqual(Array.from({ length: run.totalSteps }, (_, i) => i + 1));
});

test('a stop ends a run long before its last epoch and keeps its best weights', async () => {
  const runId = await team.launch(digits.projectId, 'to be stopped', configFor(digits.dataset, 1000));
  await team.until<Run>(`/runs/${runId}`, (run) => run.bestEpoch !== null);
  await team.call('POST', `/runs/${runId}/stop`);
  const run = await team.ended(runId);
  expect(run.state).toBe('stopped');
  expect(run.epoch).toBeLessThan(1000);
  const { items } = await team.call<{ items: { name: string; bytes: number }[] }>('GET', `/runs/${runId}/artifacts`);
  expect(items.find(({ name }) => name === 'model.safetensors')?.bytes).toBeGreaterThan(run.parameters * 4);
});
