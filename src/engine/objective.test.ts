import { afterAll, describe, expect, test } from 'vitest';
import { planAugmentation } from '#core/augmentation/plan.ts';
import { augmentationSchema } from '#core/augmentation/spec.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { Engine, Fit, FitSpec, PartArrays, TensorMap } from './engine.ts';
import { composedOps } from './model/composed-ops.ts';
import { measure } from './model/loss.ts';
import { problemOf } from './model/problem.ts';
import { batchOf, convSpec, IMAGE, images, openEngines, THREE_CLASSES, wave } from './testing.ts';
import { onBackend, tf } from './tfjs.ts';

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));

async function withFit<T>(engine: Engine, spec: FitSpec, train: PartArrays, use: (fit: Fit) => Promise<T>): Promise<T> {
  const fit = await engine.openFit(spec, train, train);
  try {
    expect(fit.mode.kind, fit.mode.reason).toBe(engine.info.kind === 'tensorflow' ? 'compiled' : 'eager');
    return await use(fit);
  } finally {
    await fit.close();
  }
}

const PLAIN_LAYERS = [
  { type: 'conv2d', filters: 3, kernelSize: 3, activation: 'tanh' },
  { type: 'flatten' },
  { type: 'dense', units: 3 },
];
const WEIGHTS = [1, 3, 0.5];

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (_, engine) => {
  test('several batches make the update that one batch of all their items makes', async () => {
    const options = { layers: PLAIN_LAYERS, classWeights: WEIGHTS, l2: 0.01, ema: { decay: 0.6 } };
    const clipping = { kind: 'norm', limit: 0.5 } as const;
    const run = (batchSize: number, accumulate: number) =>
      withFit(
        engine,
        convSpec({ ...options, gradientClipping: clipping, batchSize, accumulate }),
        images(30),
        async (fit) => {
          const results = [];
          for (let step = 0; step < 3; step++) results.push(await fit.step(batchOf(step, 11, 30), 0.01));
          return { results, weights: await fit.weights() };
        },
      );
    const [one, several] = [await run(11, 1), await run(4, 3)];
    several.results.forEach((result, i) => {
      const same = one.results[i]!;
      expect(result.metricSum).toBe(same.metricSum);
      expect(result.count).toBe(11);
      for (const key of ['loss', 'penalty', 'weight'] as const)
        expect(result[key]! / same[key]!, `${key} of step ${i}`).toBeCloseTo(1, 4);
    });
    for (const [name, { data }] of several.weights)
      data.forEach((v, i) => {
        expect(Math.abs(v - one.weights.get(name)!.data[i]!), name).toBeLessThan(1e-4);
      });
  });

  test('more items than an update takes are refused', () =>
    withFit(engine, convSpec({ batchSize: 4, accumulate: 2 }), images(30), async (fit) => {
      await expect(fit.step(batchOf(0, 9, 30), 0.1)).rejects.toThrow('A step takes 1 to 8 items');
    }));

  test('averages: begin as the first update’s weights, then move by their share; validation and the kept weights are theirs', async () => {
    await withFit(engine, convSpec({ ema: { decay: 0.75 } }), images(30), async (fit) => {
      const plain = (state: TensorMap) => [...state].filter(([name]) => state.has(`ema/${name}`));
      const first = await fit.weights();
      for (const [name, { data }] of plain(await fit.state())) expect(first.get(name)!.data).toEqual(data);
      const expected = new Map<string, Float32Array>();
      for (let step = 0; step < 3; step++) {
        await fit.step(batchOf(step, 12, 30), 0.02);
        for (const [name, { data }] of plain(await fit.state())) {
          const old = expected.get(name);
          expected.set(name, old ? old.map((v, i) => 0.75 * v + 0.25 * data[i]!) : Float32Array.from(data));
        }
      }
      const weights = await fit.weights();
      expect([...weights.keys()]).toEqual([...first.keys()]);
      for (const [name, values] of expected)
        values.forEach((v, i) => {
          expect(Math.abs(weights.get(name)!.data[i]! - v), name).toBeLessThan(1e-6);
        });
      const { loss } = await fit.evaluate('validation');
      const logits = await engine.predict(convSpec().model, IMAGE, THREE_CLASSES, weights, images(30).x, 30);
      const losses = Array.from({ length: 30 }, (_, i) => {
        const item = logits.subarray(3 * i, 3 * i + 3);
        return Math.log(item.reduce((sum, v) => sum + Math.exp(v), 0)) - item[images(30).y[i]!]!;
      });
      expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 30, 4);
    });
  });

  test('restored in a new session with every option on, the next steps are bit for bit those of one go', async () => {
    const layers = convSpec().model.layers.map((l) => (l.type === 'dropout' ? { ...l, rate: 0.4 } : l));
    const schema = { kind: 'image-classification' as const, image: IMAGE as never, classes: ['a', 'b', 'c'] };
    const augmentation = augmentationSchema.parse({ rotation: 10, noise: 0.05, mixup: 0.3 });
    const spec = convSpec({
      layers,
      optimizer: { kind: 'adamw' },
      ...{ loss: { kind: 'cross_entropy', labelSmoothing: 0.1 }, classWeights: WEIGHTS, ema: { decay: 0.9 } },
      ...{ l1: 1e-3, l2: 1e-3, penalise: 'all', gradientClipping: { kind: 'norm', limit: 1 } },
      ...{ batchSize: 5, accumulate: 3, augmentation: planAugmentation(augmentation, schema, IMAGE) },
    });
    const steps = async (fit: Fit, from: number, to: number) => {
      const results = [];
      for (let i = from; i < to; i++) results.push(await fit.step(batchOf(i, i % 2 ? 13 : 7, 30), 1e-2));
      return results;
    };
    const whole = await withFit(engine, spec, images(30), async (fit) => ({
      results: await steps(fit, 0, 6),
      state: await fit.state(),
      evaluated: await fit.evaluate('validation'),
    }));
    const saved = await withFit(engine, spec, images(30), async (fit) => {
      await steps(fit, 0, 3);
      return fit.state();
    });
    await withFit(engine, spec, images(30), async (fit) => {
      await fit.restore(saved);
      expect(await steps(fit, 3, 6)).toEqual(whole.results.slice(3));
      expect(await fit.state()).toEqual(whole.state);
      expect(await fit.evaluate('validation')).toEqual(whole.evaluated);
    });
  });

  test('parts of a batch whose classes weigh differently add up by their weights, in steps and in evaluation', async () => {
    const spec = convSpec({ layers: PLAIN_LAYERS, classWeights: WEIGHTS, optimizer: { kind: 'sgd', momentum: 0 } });
    await withFit(engine, spec, images(30), async (fit) => {
      const indices = batchOf(0, 12, 30);
      const whole = await fit.step(indices, 0);
      const [a, b] = [await fit.step(indices.slice(0, 5), 0), await fit.step(indices.slice(5), 0)];
      expect(whole.weight).toBeCloseTo(
        [...indices].reduce((sum, i) => sum + WEIGHTS[i % 3]!, 0),
        5,
      );
      expect(a.weight! + b.weight!).toBeCloseTo(whole.weight!, 5);
      expect((a.weight! * a.loss + b.weight! * b.loss) / whole.weight!).toBeCloseTo(whole.loss, 5);
      const all = await fit.evaluate('train');
      expect(all).toMatchObject({ count: 30, penalty: 0 });
      expect(all.weight).toBeCloseTo(10 * 4.5, 4);
    });
  });

  test('a batch without a single target leaves the weights as they are, accumulated or not', async () => {
    const task: TaskSpec = { kind: 'regression', targets: 1, offset: [0], scale: [1], unit: '' };
    const y = Float32Array.of(Number.NaN, Number.NaN, 1, 2);
    for (const kind of ['mae', 'huber'] as const) {
      const spec = convSpec({
        ...{ layers: [{ type: 'dense', units: 1 }], input: { kind: 'vector', features: 1 }, task },
        ...{ optimizer: { kind: 'sgd', momentum: 0 }, batchSize: 1, accumulate: 2 },
        loss: kind === 'huber' ? { kind, delta: 1 } : { kind },
      });
      await withFit(engine, spec, { x: wave(4, 0, 1), y, n: 4 }, async (fit) => {
        const before = await fit.weights();
        expect(await fit.step(Int32Array.of(0, 1), 1)).toEqual({
          loss: 0,
          penalty: 0,
          gradientNorm: 0,
          metricSum: 0,
          count: 0,
        });
        expect(await fit.weights()).toEqual(before);
        expect((await fit.step(Int32Array.of(1, 2), 1)).count).toBe(1);
        expect(await fit.weights()).not.toEqual(before);
      });
    }
  });
});

test.each(['cross_entropy', 'binary_cross_entropy'] as const)(
  '%s of blended classes, smoothed and weighted',
  (kind) => {
    const logits = [
      [0.5, -1, 2],
      [1.5, 0.25, -0.75],
    ];
    const shares = [
      [0.25, 0.75, 0],
      [0, 0.5, 0.5],
    ];
    const smoothing = 0.2;
    const spec = convSpec({ loss: { kind, labelSmoothing: smoothing }, classWeights: WEIGHTS });
    const backend = engines.at(-1)!.info.kind;
    const sums = onBackend(backend, () => {
      const made = measure(problemOf(composedOps(), spec), tf.tensor2d(logits), {
        x: tf.scalar(0),
        y: tf.tensor2d(shares),
      });
      return Object.fromEntries(Object.entries(made).map(([name, t]) => [name, t.dataSync()[0]!]));
    });
    const weight = shares.map((of) => of.reduce((sum, share, c) => sum + share * WEIGHTS[c]!, 0));
    const expected = logits.map((z, i) => {
      const total = Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0));
      const wanted = (c: number, none: number) => (1 - smoothing) * shares[i]![c]! + smoothing * none;
      if (kind === 'cross_entropy')
        return z.reduce((sum, v, c) => sum + WEIGHTS[c]! * wanted(c, 1 / 3) * (total - v), 0);
      const each = z.map(
        (v, c) => wanted(c, 1 / 2) * Math.log1p(Math.exp(-v)) + (1 - wanted(c, 1 / 2)) * Math.log1p(Math.exp(v)),
      );
      return (weight[i]! * each.reduce((a, b) => a + b)) / 3;
    });
    expect(sums.lossSum).toBeCloseTo(expected[0]! + expected[1]!, 5);
    expect(sums.weight).toBeCloseTo(weight[0]! + weight[1]!, 5);
    // The first item's largest logit is a class that it has no share of, the second's neither.
    expect(sums.metricSum).toBe(0);
  },
);
