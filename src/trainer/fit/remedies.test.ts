import { afterAll, expect, test } from 'vitest';
import { planAugmentation } from '#core/augmentation/plan.ts';
import { defaultConfig } from '#core/config/presets.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { REMEDIES, type RemedyId, remedyById } from '#core/remedies/index.ts';
import type { PartArrays } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { images, TEST_LIBRARY } from '#engine/testing.ts';
import { fitSpecOf } from './fit-spec.ts';
import { fitLoop } from './loop.ts';
import { newLoopState } from './loop-state.ts';
import { planFit } from './plan.ts';
import { stopEarly } from './stop-early.ts';

/** Each remedy by its one click, through the loop and the engine that runs train with: one that did nothing would leave the plain figures. */

const engine = await openEngine({ threads: 1, libDir: TEST_LIBRARY });
afterAll(() => engine.close());

const input = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const task = { kind: 'classification', classes: 3 } as const;
const schema: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 8, width: 8, channels: 1 },
  classes: ['a', 'b', 'c'],
};
const train = images(24);
/** As many images with labels of another rule: what is learned by heart makes its loss rise. */
const validation: PartArrays = { ...train, y: Int32Array.from(train.y, (_, i) => (i * i + 1) % 3) };
const plain: RunConfig = {
  ...defaultConfig(input, task, train.n),
  learningRate: 0.01,
  batchSize: 8,
  epochs: 16,
  seed: 3,
};
const context = { input, task, trainItems: train.n };

async function trained(config: RunConfig) {
  const plan = planFit(config, task, train.n, train.y);
  const spec = fitSpecOf(config, input, task, train.y);
  const augmentation = planAugmentation(config.augmentation, schema, input);
  const fit = await engine.openFit({ ...spec, augmentation }, train, validation);
  try {
    const state = newLoopState();
    const ending = await fitLoop(
      fit,
      plan,
      state,
      config.earlyStopping ? [stopEarly(config.earlyStopping)] : [],
      () => false,
    );
    const weights = await fit.state();
    const kernels = [...weights].filter(([name]) => /^[^.]*\/kernel$/.test(name)).flatMap(([, t]) => [...t.data]);
    return { ending, state, weights, size: Math.hypot(...kernels.map(Number)), loss: state.metrics['loss/train']! };
  } finally {
    await fit.close();
  }
}

const without = await trained(plain);
const withRemedy = (id: RemedyId, config = plain) => trained(remedyById(id)!.apply(config, context)!);

test('plain, the network learns its items by heart', () => {
  expect(without.ending).toMatchObject({ reason: 'completed' });
  expect(without.loss).toBeLessThan(0.2);
  expect(without.state.metrics['loss/validation']).toBeGreaterThan(1.2);
});

test.each(['augmentation', 'dropout'] as const)('%s makes it harder to learn items by heart', async (id) => {
  expect((await withRemedy(id)).loss).toBeGreaterThan(1.5 * without.loss);
});

test('the L2 penalty keeps weights small', async () => {
  const { size, loss } = await withRemedy('weight_penalty', { ...plain, l2: 0.001 });
  expect(size).toBeLessThan(0.8 * without.size);
  expect(loss).not.toBe(without.loss);
});

test('batch norm gathers statistics of its own and changes the course', async () => {
  const { weights, loss } = await withRemedy('batch_norm');
  const means = [...weights].filter(([name]) => /_norm\/.*mean/.test(name));
  expect(means).toHaveLength(3);
  for (const [name, { data }] of means)
    expect(Math.max(...[...data].map((v) => Math.abs(Number(v)))), name).toBeGreaterThan(0);
  expect(loss).not.toBe(without.loss);
});

test('a smaller model has fewer weights to learn by heart with', async () => {
  const { weights, loss } = await withRemedy('smaller_model');
  const count = (of: typeof weights) => [...of].reduce((sum, [, { data }]) => sum + data.length, 0);
  expect(count(weights)).toBeLessThan(0.4 * count(without.weights));
  expect(loss).not.toBe(without.loss);
});

test('early stopping ends the run at what it waited for, its best epoch remembered', async () => {
  const { ending, state } = await withRemedy('early_stopping');
  expect(ending).toMatchObject({ reason: 'early_stopping' });
  expect(state.epoch).toBeLessThan(plain.epochs);
  expect(state.epoch).toBe(state.earlyStopping.bestEpoch + 5);
  expect(state.best.bestEpoch).toBe(state.earlyStopping.bestEpoch);
});

test('these are all but transfer learning, whose weights are watched in the engine’s contract', () => {
  expect(REMEDIES.map((remedy) => remedy.id).filter((id) => id !== 'transfer')).toEqual([
    ...['augmentation', 'dropout', 'early_stopping', 'weight_penalty', 'batch_norm', 'smaller_model'],
  ]);
});
