import { describe, expect, test } from 'vitest';
import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import { augmentationSchema } from '#core/augmentation/spec.ts';
import { parseDevices } from '../devices.ts';
import type { Fit, FitSpec, PartArrays } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { batchOf, convSpec, IMAGE, images, TEST_LIBRARY } from '../testing.ts';

/** On TensorFlow's virtual CPUs: a process of its own, since devices are made once a process. */
const engine = await openEngine({ threads: 2, libDir: TEST_LIBRARY, devices: parseDevices('cpu:0,cpu:1,cpu:2') });

describe.skipIf(engine.info.kind !== 'tensorflow')('replicas', () => {
  const plain = [
    { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'elu' },
    { type: 'max_pool2d' },
    { type: 'flatten' },
    { type: 'dense', units: 3 },
  ];
  const sgd = { kind: 'sgd', momentum: 0 };
  const part = images(31);
  /** Every fourth batch is the epoch's last, which is not full. */
  const batch = (step: number) => batchOf(step, step % 4 === 3 ? 7 : 12, part.n);

  async function withFits<T>(
    specs: FitSpec[],
    use: (...fits: Fit[]) => Promise<T>,
    train: PartArrays = part,
  ): Promise<T> {
    const fits: Fit[] = [];
    for (const spec of specs) fits.push(await engine.openFit(spec, train, train));
    for (const fit of fits) expect(fit.mode).toMatchObject({ kind: 'compiled' });
    const result = await use(...fits);
    for (const fit of fits) await fit.close();
    return result;
  }

  /** Largest difference of loss, and of weights at the end. */
  const farthest = (spec: FitSpec, replicas: number, steps: number, rate: number) =>
    withFits([spec, { ...spec, replicas }], async (one, many) => {
      let loss = 0;
      for (let step = 0; step < steps; step++) {
        const [a, b] = [await one!.step(batch(step), rate), await many!.step(batch(step), rate)];
        const rounded = { loss: 0, penalty: 0, gradientNorm: 0 };
        expect({ ...b, ...rounded }).toEqual({ ...a, ...rounded });
        expect(b.gradientNorm / a.gradientNorm).toBeCloseTo(1, 4);
        loss = Math.max(loss, Math.abs(a.loss - b.loss), Math.abs(a.penalty - b.penalty));
      }
      const [a, b] = [await one!.weights(), await many!.weights()];
      let weight = 0;
      for (const [name, { data }] of a)
        data.forEach((v, i) => {
          weight = Math.max(weight, Math.abs(v - b.get(name)!.data[i]!));
        });
      return { loss, weight };
    });

  test('a copy of the gradients is that of one device, and changes nothing of what is computed', async () => {
    const spec = convSpec({ layers: plain, optimizer: sgd, l2: 1e-3 });
    const two = { ...spec, replicas: 2 };
    await withFits([spec, two, two], async (one, looking, other) => {
      for (let step = 0; step < 3; step++) {
        const { gradients, ...result } = await looking!.step(batch(step), 0.05, step > 0);
        expect(result).toEqual(await other!.step(batch(step), 0.05));
        const { gradients: whole } = await one!.step(batch(step), 0.05, true);
        if (step === 0) continue;
        expect([...gradients!.keys()]).toEqual([...whole!.keys()]);
        for (const [name, { data }] of whole!)
          data.forEach((v, i) => {
            expect(Math.abs(v - gradients!.get(name)!.data[i]!)).toBeLessThan(1e-4);
          });
      }
      expect(await looking!.state()).toEqual(await other!.state());
    });
  });

  test.each([2, 3])(
    'SGD on %d devices equals one with the whole batch over 40 steps, the partial batch included',
    async (n) => {
      const { loss, weight } = await farthest(convSpec({ layers: plain, optimizer: sgd, l2: 1e-3 }), n, 40, 0.05);
      expect(loss).toBeLessThan(1e-5);
      expect(weight).toBeLessThan(1e-5);
    },
  );

  test('Adam does over 5 steps', async () => {
    const { loss, weight } = await farthest(convSpec({ layers: plain }), 2, 5, 1e-3);
    expect(loss).toBeLessThan(1e-5);
    expect(weight).toBeLessThan(1e-5);
  });

  test('so do clipping, weights of classes, and an update of several batches', async () => {
    const spec = convSpec({
      layers: plain,
      optimizer: sgd,
      batchSize: 4,
      accumulate: 3,
      classWeights: [1, 3, 0.5],
      gradientClipping: { kind: 'norm', limit: 0.2 },
    });
    const { loss, weight } = await farthest(spec, 2, 12, 0.05);
    expect(loss).toBeLessThan(1e-5);
    expect(weight).toBeLessThan(1e-5);
  });

  test('batch norm: the running statistics are the mean of the replicas’', async () => {
    const layers = [
      { type: 'batch_norm', momentum: 0, name: 'norm' },
      { type: 'flatten' },
      { type: 'dense', units: 3 },
    ];
    const spec = convSpec({ layers, optimizer: sgd });
    const mean = (state: Awaited<ReturnType<Fit['weights']>>) => state.get('norm/moving_mean')!.data[0]!;
    const alone: number[] = [];
    for (const items of [
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9, 10],
    ])
      await withFits([spec], async (fit) => {
        await fit!.step(Int32Array.from(items), 0.1);
        alone.push(mean(await fit!.weights()));
      });
    await withFits([{ ...spec, replicas: 2 }], async (fit) => {
      await fit!.step(
        Int32Array.from({ length: 11 }, (_, i) => i),
        0.1,
      );
      expect(mean(await fit!.weights())).toBeCloseTo((5 * alone[0]! + 6 * alone[1]!) / 11, 6);
    });
  });

  test('dropout draws another mask on each replica, and repeats them after a resume', async () => {
    const spec = {
      ...convSpec({ layers: [{ type: 'flatten' }, { type: 'dropout', rate: 0.5 }, { type: 'dense', units: 3 }] }),
      replicas: 2,
    };
    await withFits([spec, spec, { ...spec, seed: 4 }], async (one, other) => {
      await one!.step(batch(0), 1e-2);
      await other!.restore(await one!.state());
      for (let step = 1; step < 4; step++)
        expect(await other!.step(batch(step), 1e-2)).toEqual(await one!.step(batch(step), 1e-2));
    });
    // The same items on both replicas: with one mask their losses, and so the whole batch's, would be those of one of them.
    const twice = Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3);
    const results = await withFits([spec, { ...spec, replicas: 1 }], async (two, one) => [
      await two!.step(twice, 0),
      await one!.step(twice.subarray(0, 4), 0),
    ]);
    expect(results[0]!.loss).not.toBeCloseTo(results[1]!.loss, 5);
  });

  test('mixup blends items with others of their own replica', async () => {
    const augmentation: AugmentationPlan = {
      ...{ spec: augmentationSchema.parse({ mixup: 1 }), input: IMAGE },
      ...{ points: [], mirror: [] },
    };
    const spec = { ...convSpec({ layers: plain, optimizer: sgd }), augmentation };
    for (const replicas of [2, 3])
      await withFits([{ ...spec, replicas }], async (fit) => {
        for (let step = 0; step < 4; step++) expect((await fit!.step(batch(step), 1e-2)).loss).toBeGreaterThan(0);
      });
  });

  test('a batch of one item works, more replicas than devices are refused', async () => {
    await withFits([{ ...convSpec({ layers: plain }), replicas: 3 }], async (fit) => {
      expect((await fit!.step(Int32Array.of(5), 1e-3)).count).toBe(1);
    });
    await expect(engine.openFit({ ...convSpec(), replicas: 4 }, part, part)).rejects.toThrow(
      /spread over 4 devices; this trainer has 3\. Set replicas to 3/,
    );
  });
});
