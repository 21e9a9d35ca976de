import { afterAll, describe, expect, test } from 'vitest';
import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import { augmentationSchema } from '#core/augmentation/spec.ts';
import { planModel } from '#core/model/plan.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { EagerFit } from '../eager/eager-fit.ts';
import type { Fit, FitSpec, PartArrays } from '../engine.ts';
import { composedOps } from '../model/composed-ops.ts';
import { problemOf } from '../model/problem.ts';
import { itemsOf, sharesOf } from '../model/shares.ts';
import { openEngine } from '../open-engine.ts';
import { preparePart } from '../part.ts';
import { batchOf, convSpec, IMAGE, images, TEST_LIBRARY } from '../testing.ts';
import { onBackend, tf } from '../tfjs.ts';
import { nativeOps } from './fused-ops.ts';
import { findLibrary } from './library.ts';
import { BACKEND, sharedRuntime } from './runtime.ts';
import { stepThreading, workOf } from './threads.ts';

const engine = await openEngine({ threads: 2, libDir: TEST_LIBRARY });
afterAll(() => engine.close());

/** Every layer that looks at a whole batch, and enough to compute that the batch is cut in two. */
const LAYERS = [
  { type: 'gaussian_noise', stddev: 0.1 },
  { type: 'conv2d', filters: 32, kernelSize: 3, padding: 'same', bias: false },
  { type: 'batch_norm' },
  { type: 'activation', activation: 'elu' },
  { type: 'spatial_dropout', rate: 0.2 },
  { type: 'conv2d', filters: 48, kernelSize: 3, activation: 'elu' },
  { type: 'max_pool2d' },
  { type: 'flatten' },
  { type: 'dropout', rate: 0.3 },
  { type: 'dense', units: 3 },
];
const SIZE = 47;
const part = images(110);
/** Every fourth batch is smaller, and of an odd number of items like the others. */
const usual = (step: number) => batchOf(step, step % 4 === 3 ? 17 : SIZE, part.n);
const specOf = (changes: Parameters<typeof convSpec>[0] = {}) =>
  convSpec({ layers: LAYERS, batchSize: SIZE, optimizer: { kind: 'sgd', momentum: 0 }, ...changes });

/** The whole batch at once, operation by operation, by tfjs's own gradients; the same random numbers. */
function whole(spec: FitSpec, data: PartArrays): Fit {
  const runtime = sharedRuntime(findLibrary(TEST_LIBRARY), 2);
  const prepared = preparePart('train', data, spec.input, spec.task);
  const problem = problemOf(composedOps(nativeOps(runtime)), spec);
  const parts = { train: prepared, validation: prepared };
  return new EagerFit({ name: BACKEND, threads: 2 }, problem, spec, parts, 'To compare with.');
}

async function farthest(
  spec: FitSpec,
  steps: number,
  rate: number,
  { data = part, batch = usual }: { data?: PartArrays; batch?: typeof usual } = {},
): Promise<{ loss: number; weight: number }> {
  const [sliced, eager] = [await engine.openFit(spec, data, data), whole(spec, data)];
  expect(sliced.mode, sliced.mode.reason).toMatchObject({ kind: 'compiled' });
  let loss = 0;
  for (let step = 0; step < steps; step++) {
    const [a, b] = [await sliced.step(batch(step), rate), await eager.step(batch(step), rate)];
    loss = Math.max(loss, Math.abs(a.loss - b.loss));
    expect({ count: a.count, weight: a.weight }).toEqual({ count: b.count, weight: b.weight });
  }
  const [a, b] = [await sliced.evaluate('validation'), await eager.evaluate('validation')];
  expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-4);
  expect(a.count).toBe(b.count);
  // All weights, batch norm's running statistics among them.
  const [mine, theirs] = [await sliced.weights(), await eager.weights()];
  let weight = 0;
  for (const [name, { data }] of mine)
    for (const [i, v] of data.entries()) weight = Math.max(weight, Math.abs(v - theirs.get(name)!.data[i]!));
  await sliced.close();
  await eager.close();
  return { loss, weight };
}

describe.skipIf(engine.info.kind !== 'tensorflow')('slices of a batch', () => {
  test('this network is large enough to be cut', () => {
    const plan = planModel(specOf().model, IMAGE);
    expect(stepThreading(workOf(plan, SIZE), 2)).toEqual({ slices: 2, threads: 1 });
  });

  test('SGD equals the whole batch over 40 steps: noise, dropouts, batch norm and its statistics', async () => {
    const { loss, weight } = await farthest(specOf(), 40, 0.02);
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(2e-5);
  });

  test('Adam does over 5 steps, with weights of classes, a penalty, clipping and label smoothing', async () => {
    const spec = specOf({
      optimizer: { kind: 'adam' },
      classWeights: [1, 3, 0.5],
      l2: 1e-3,
      gradientClipping: { kind: 'norm', limit: 0.5 },
      loss: { kind: 'cross_entropy', labelSmoothing: 0.1 },
    });
    const { loss, weight } = await farthest(spec, 5, 1e-3);
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(1e-4);
  });

  test('items are augmented and blended across slices, and the noise is that of the whole batch', async () => {
    const augmentation: AugmentationPlan = {
      spec: augmentationSchema.parse({ rotation: 20, noise: 0.1, brightness: 0.2, mixup: 0.4 }),
      input: IMAGE as Extract<typeof IMAGE, { kind: 'image' }>,
      points: [],
      mirror: [],
    };
    const { loss, weight } = await farthest(specOf({ augmentation }), 10, 0.02);
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(2e-5);
  });

  test('an update of several batches', async () => {
    const { loss, weight } = await farthest(specOf({ batchSize: 24, accumulate: 2 }), 8, 0.02);
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(2e-5);
  });

  test('missing targets, which are not as many in each slice', async () => {
    const y = Float32Array.from({ length: 2 * part.n }, (_, i) => (i % 7 === 0 || i < part.n / 2 ? Number.NaN : i % 5));
    const layers = [...LAYERS.slice(0, -1), { type: 'dense', units: 2 }];
    const task: TaskSpec = { kind: 'regression', targets: 2, offset: [1, 2], scale: [2, 3], unit: '' };
    const { loss, weight } = await farthest(specOf({ task, layers }), 10, 1e-3, { data: { ...part, y } });
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(2e-5);
  });

  test('a bias before batch norm, whose gradient is rounding alone, does not make a run eager', async () => {
    const biased = LAYERS.map((layer, i) => (i === 1 ? { ...layer, bias: true } : layer));
    for (const batchSize of [24, 32, SIZE, 64]) {
      const fit = await engine.openFit(specOf({ layers: biased, batchSize }), part, part);
      expect(fit.mode, fit.mode.reason).toMatchObject({ kind: 'compiled' });
      await fit.close();
    }
  });

  test('batches of one to three items', async () => {
    const few = (step: number) => batchOf(step, 1 + (step % 3), part.n);
    const { loss, weight } = await farthest(specOf(), 9, 1e-3, { batch: few });
    expect(loss).toBeLessThan(2e-5);
    expect(weight).toBeLessThan(2e-5);
  });

  test('shares are even, in order, and no more than there are items', () => {
    expect(sharesOf(7, 3)).toEqual([
      { start: 0, items: 2 },
      { start: 2, items: 2 },
      { start: 4, items: 3 },
    ]);
    expect(sharesOf(2, 4)).toHaveLength(2);
    onBackend(BACKEND, () => expect(itemsOf([tf.zeros([2, 3]), tf.zeros([5, 3])])).toBe(7));
  });
});
