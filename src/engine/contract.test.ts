import { afterAll, describe, expect, test } from 'vitest';
import { ACTIVATIONS, modelSchema, type TaskSpec } from '#core/model/spec.ts';
import type { Engine, Fit, FitSpec, PartArrays } from './engine.ts';
import golden from './golden.json' with { type: 'json' };
import { batchOf, convSpec, IMAGE, images, openEngines, THREE_CLASSES, wave } from './testing.ts';

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));

async function withFit<T>(
  engine: Engine,
  spec: FitSpec,
  train: PartArrays,
  use: (fit: Fit) => Promise<T>,
  validation = train,
): Promise<T> {
  const fit = await engine.openFit(spec, train, validation);
  try {
    return await use(fit);
  } finally {
    await fit.close();
  }
}

const softmax = (logits: ArrayLike<number>) => {
  const most = Math.max(...Array.from(logits));
  const e = Array.from(logits, (v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
};

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (kind, engine) => {
  test('trains in the mode that it should', async () => {
    await withFit(engine, convSpec(), images(30), async (fit) => {
      expect(fit.mode).toMatchObject({ kind: kind === 'tensorflow' ? 'compiled' : 'eager' });
    });
  });

  test('convolution, pooling and batch norm train and predict as PyTorch’s', async () => {
    const layers = [
      { type: 'conv2d', name: 'conv1', filters: 4, kernelSize: 3, padding: 'same', bias: false },
      { type: 'batch_norm' },
      { type: 'activation', activation: 'elu' },
      { type: 'max_pool2d' },
      { type: 'conv2d', name: 'conv2', filters: 6, kernelSize: [2, 3], strides: [1, 2], activation: 'tanh' },
      { type: 'average_pool2d', poolSize: [2, 1], strides: 1 },
      { type: 'flatten' },
      { type: 'batch_norm' },
      { type: 'dense', name: 'out', units: 3 },
    ];
    const x = Uint8Array.from(wave(24 * 64, 0.3, 2), (v) => Math.floor((v + 2) * 60));
    const train = { x, y: Int32Array.from({ length: 24 }, (_, i) => (7 * i) % 3), n: 24 };
    await withFit(engine, convSpec({ layers, optimizer: { kind: 'sgd' }, batchSize: 8 }), train, async (fit) => {
      const state = await fit.state();
      state.get('conv1/kernel')!.data.set(wave(36, 1, 0.4));
      state.get('conv2/kernel')!.data.set(wave(144, 2, 0.3));
      state.get('conv2/bias')!.data.set(wave(6, 3, 0.1));
      state.get('out/kernel')!.data.set(wave(36, 4, 0.3));
      state.get('out/bias')!.data.set(wave(3, 5, 0.1));
      await fit.restore(state);
      for (const [step, expected] of golden.convolutional.losses.entries()) {
        const { loss } = await fit.step(batchOf(step, 8, 24), 0.02);
        expect(Math.abs(loss - expected), `step ${step}: ${loss}, PyTorch ${expected}`).toBeLessThan(1e-4);
      }
      expect(Math.abs((await fit.evaluate('train')).loss - golden.convolutional.evaluated)).toBeLessThan(1e-4);
    });
  });

  test.each(ACTIVATIONS)('%s is PyTorch’s', async (activation) => {
    const task: TaskSpec = { kind: 'regression', targets: 1, offset: [0], scale: [1], unit: '' };
    const model = modelSchema.parse({ layers: [{ type: 'dense', units: 1, activation }] });
    const weights = new Map([
      ['dense_1/kernel', { shape: [1, 1], dtype: 'float32' as const, data: Float32Array.of(1) }],
      ['dense_1/bias', { shape: [1], dtype: 'float32' as const, data: Float32Array.of(0) }],
    ]);
    const answers = await engine.predict(model, { kind: 'vector', features: 1 }, task, weights, wave(9, 0.4, 3), 9);
    golden.activations[activation].forEach((expected, i) => {
      expect(answers[i]).toBeCloseTo(expected, 5);
    });
  });

  test('a part of a batch counts as what it holds: two halves and the whole add up to the same sums', async () => {
    // No batch norm: there a batch's size changes what each item gives.
    const layers = [{ type: 'flatten' }, { type: 'dense', units: 5, activation: 'tanh' }, { type: 'dense', units: 3 }];
    await withFit(engine, convSpec({ layers, optimizer: { kind: 'sgd', momentum: 0 } }), images(30), async (fit) => {
      // A rate of zero leaves the weights as they are.
      const whole = await fit.step(batchOf(0, 12, 30), 0);
      const a = await fit.step(batchOf(0, 12, 30).slice(0, 5), 0);
      const b = await fit.step(batchOf(0, 12, 30).slice(5), 0);
      expect(a.count + b.count).toBe(whole.count);
      expect(a.metricSum + b.metricSum).toBe(whole.metricSum);
      expect((5 * a.loss + 7 * b.loss) / 12).toBeCloseTo(whole.loss, 5);
    });
  });

  test('evaluate gives what predict and the formulas give, in inference mode, and changes nothing', async () => {
    // More items than one chunk of 1024.
    const validation = images(1100);
    const check = async (fit: Fit) => {
      for (let step = 0; step < 3; step++) await fit.step(batchOf(step, 12, 30), 1e-2);
      const before = await fit.state();
      const result = await fit.evaluate('validation');
      expect(await fit.state()).toEqual(before);
      const logits = await engine.predict(
        convSpec().model,
        IMAGE,
        THREE_CLASSES,
        await fit.weights(),
        validation.x,
        validation.n,
      );
      let loss = 0;
      let right = 0;
      for (let i = 0; i < validation.n; i++) {
        const p = softmax(logits.subarray(3 * i, 3 * i + 3));
        loss -= Math.log(p[validation.y[i]!]!);
        if (p.indexOf(Math.max(...p)) === validation.y[i]) right++;
      }
      expect(result).toMatchObject({ metricSum: right, count: 1100, penalty: 0 });
      expect(result.loss).toBeCloseTo(loss / 1100, 5);
    };
    await withFit(engine, convSpec(), images(30), check, validation);
  });

  test('learns', async () => {
    await withFit(engine, convSpec(), images(60), async (fit) => {
      const first = await fit.evaluate('validation');
      for (let step = 0; step < 60; step++) await fit.step(batchOf(step, 12, 60), 1e-2);
      const last = await fit.evaluate('validation');
      expect(first.metricSum).toBeLessThan(40);
      expect(last.metricSum).toBeGreaterThan(57);
      expect(last.loss).toBeLessThan(first.loss / 4);
    });
  });

  test('regression: masked loss in normalised units, squared error in the targets’ own', async () => {
    const task: TaskSpec = { kind: 'regression', targets: 2, offset: [10, -1], scale: [4, 0.5], unit: 'pixels' };
    const n = 9;
    const y = Float32Array.from({ length: 2 * n }, (_, i) => (i % 5 === 3 ? Number.NaN : 10 + Math.sin(i)));
    const spec = convSpec({
      layers: [{ type: 'dense', units: 2 }],
      input: { kind: 'vector', features: 3 },
      task,
      batchSize: n,
    });
    const x = wave(3 * n, 0, 1);
    await withFit(engine, spec, { x, y, n }, async (fit) => {
      const answers = await engine.predict(spec.model, spec.input, task, await fit.weights(), x, n);
      let own = 0;
      let normalised = 0;
      let present = 0;
      y.forEach((v, i) => {
        if (Number.isNaN(v)) return;
        present++;
        own += (answers[i]! - v) ** 2;
        normalised += ((answers[i]! - v) / task.scale[i % 2]!) ** 2;
      });
      const evaluated = await fit.evaluate('train');
      const stepped = await fit.step(batchOf(0, n, n), 0.1);
      for (const result of [evaluated, stepped]) {
        expect(result.count).toBe(present);
        expect(result.metricSum / own).toBeCloseTo(1, 5);
        expect(result.loss / (normalised / present)).toBeCloseTo(1, 5);
      }
    });
  });

  test('a batch without a single present target has loss 0 and moves nothing', async () => {
    const task: TaskSpec = { kind: 'regression', targets: 1, offset: [0], scale: [1], unit: '' };
    const spec = convSpec({
      layers: [{ type: 'dense', units: 1 }],
      input: { kind: 'vector', features: 1 },
      task,
      optimizer: { kind: 'sgd', momentum: 0 },
      batchSize: 2,
    });
    await withFit(
      engine,
      spec,
      { x: wave(4, 0, 1), y: Float32Array.of(Number.NaN, Number.NaN, 1, 2), n: 4 },
      async (fit) => {
        const before = await fit.weights();
        expect(await fit.step(Int32Array.of(0, 1), 1)).toEqual({
          loss: 0,
          penalty: 0,
          metricSum: 0,
          count: 0,
          gradientNorm: 0,
        });
        expect(await fit.weights()).toEqual(before);
      },
    );
  });

  test.each<[string, { gradientClipping?: FitSpec['gradientClipping']; batchSize?: number; accumulate?: number }]>([
    ['of one batch', {}],
    ['of two batches', { batchSize: 4, accumulate: 2 }],
    ['that is clipped', { gradientClipping: { kind: 'norm', limit: 0.01 } }],
  ])('a step %s tells the norm of its gradients, and the gradients themselves where asked for', async (_, change) => {
    const spec = convSpec({ l2: 0.01, optimizer: { kind: 'sgd', momentum: 0 }, ...change });
    const part = images(40);
    await withFit(engine, spec, part, async (fit) => {
      const indices = Int32Array.from({ length: 8 }, (_, i) => i * 3);
      const before = await fit.state();
      const weights = await fit.trainable();
      const plain = await fit.step(indices, 0.01);
      expect(plain.gradients).toBeUndefined();
      const after = await fit.state();
      await fit.restore(before);
      const { gradients: made, ...rest } = await fit.step(indices, 0.01, true);
      const gradients = made!;
      // To look changes nothing.
      expect(rest).toEqual(plain);
      expect(await fit.state()).toEqual(after);
      expect([...gradients.keys()]).toEqual([...weights.keys()]);
      expect([...weights.keys()].some((name) => name.includes('moving_'))).toBe(false);
      for (const [name, { shape, data }] of weights) {
        expect(gradients.get(name)!.shape).toEqual(shape);
        expect(data).toEqual(before.get(name)!.data);
        // Those of this very step: it went against them.
        const stepped = data.map((value, i) => value - 0.01 * gradients.get(name)!.data[i]!);
        for (const [i, value] of stepped.entries()) expect(after.get(name)!.data[i]).toBeCloseTo(value, 6);
      }
      const squares = [...gradients.values()]
        .flatMap((g) => Array.from(g.data, (v) => v * v))
        .reduce((a, b) => a + b, 0);
      const limit = change.gradientClipping?.limit ?? Number.POSITIVE_INFINITY;
      expect(Math.sqrt(squares) / Math.min(limit, plain.gradientNorm)).toBeCloseTo(1, 4);
      if (change.gradientClipping) expect(plain.gradientNorm).toBeGreaterThan(2 * limit);
    });
  });

  test('the penalty is apart from the loss and pulls kernels alone', async () => {
    const layers = [{ type: 'flatten' }, { type: 'batch_norm' }, { type: 'dense', units: 3 }];
    const one = (l2: number) =>
      withFit(engine, convSpec({ layers, l2, optimizer: { kind: 'sgd', momentum: 0 } }), images(30), async (fit) => {
        const before = await fit.weights();
        const result = await fit.step(batchOf(0, 12, 30), 0.5);
        return { before, result, after: await fit.weights() };
      });
    const [plain, penalised] = [await one(0), await one(0.01)];
    const kernel = plain.before.get('dense_1/kernel')!.data;
    expect(penalised.result.loss).toBeCloseTo(plain.result.loss, 6);
    expect(plain.result.penalty).toBe(0);
    expect(penalised.result.penalty).toBeCloseTo(0.01 * Array.from(kernel).reduce((sum, v) => sum + v * v, 0), 5);
    for (const name of ['dense_1/bias', 'batch_norm_1/gamma', 'batch_norm_1/beta'])
      expect(penalised.after.get(name)!.data).toEqual(plain.after.get(name)!.data);
    const pulled = penalised.after.get('dense_1/kernel')!.data;
    plain.after.get('dense_1/kernel')!.data.forEach((v, i) => {
      expect(pulled[i]).toBeCloseTo(v - 0.5 * 2 * 0.01 * kernel[i]!, 5);
    });
  });

  test('dropout drops at its rate in training, differently each step, and not in inference', async () => {
    // Identity over 2,000 ones, then dropout: the answer's squared error from 0 counts what was kept.
    const width = 2000;
    const task: TaskSpec = {
      kind: 'regression',
      targets: width,
      offset: Array(width).fill(0),
      scale: Array(width).fill(1),
      unit: '',
    };
    const layers = [
      { type: 'batch_norm', name: 'fixed' },
      { type: 'dropout', rate: 0.3 },
    ];
    const spec = convSpec({
      layers,
      input: { kind: 'vector', features: width },
      task,
      optimizer: { kind: 'sgd', momentum: 0 },
      batchSize: 2,
    });
    await withFit(
      engine,
      spec,
      { x: new Float32Array(2 * width), y: new Float32Array(2 * width), n: 2 },
      async (fit) => {
        const state = await fit.state();
        state.get('fixed/beta')!.data.fill(1);
        await fit.restore(state);
        const kept: number[] = [];
        for (let i = 0; i < 5; i++) {
          const { metricSum } = await fit.step(Int32Array.of(0, 1), 0);
          kept.push((metricSum * 0.7 ** 2) / (2 * width));
        }
        // Four standard errors of a share of 4,000.
        for (const share of kept) expect(Math.abs(share - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / (2 * width)));
        expect(new Set(kept).size).toBeGreaterThan(1);
        expect((await fit.evaluate('train')).metricSum).toBeCloseTo(2 * width, 0);
      },
    );
  });

  test('saved after 5 steps and restored in a new session, the next 5 are bit for bit those of 10 in one go', async () => {
    const layers = [...convSpec().model.layers.map((l) => (l.type === 'dropout' ? { ...l, rate: 0.4 } : l))];
    const spec = convSpec({ layers, l2: 1e-3, optimizer: { kind: 'adamw' } });
    const steps = async (fit: Fit, from: number, to: number) => {
      const losses = [];
      for (let i = from; i < to; i++) losses.push(await fit.step(batchOf(i, i % 3 ? 12 : 7, 30), 1e-2));
      return losses;
    };
    const whole = await withFit(engine, spec, images(30), async (fit) => ({
      losses: await steps(fit, 0, 10),
      state: await fit.state(),
    }));
    const saved = await withFit(engine, spec, images(30), async (fit) => {
      await steps(fit, 0, 5);
      return fit.state();
    });
    await withFit(engine, { ...spec, seed: spec.seed }, images(30), async (fit) => {
      await fit.restore(saved);
      expect(await steps(fit, 5, 10)).toEqual(whole.losses.slice(5));
      expect(await fit.state()).toEqual(whole.state);
    });
  });

  test('the first step starts from the seed: opening, its check and evaluation leave the state alone', async () => {
    await withFit(engine, convSpec(), images(30), async (fit) => {
      const first = await fit.state();
      await fit.evaluate('validation');
      expect(await fit.state()).toEqual(first);
      expect(first.get('step')!.data).toEqual(Int32Array.of(0));
      expect(first.get('batch_norm_1/beta')!.data.every((v) => v === 0)).toBe(true);
    });
  });

  describe('frozen layers', () => {
    const FROZEN = ['conv1', 'batch_norm_1', 'activation_1', 'max_pool2d_1', 'conv2d_1', 'dropout_1'];
    const layers = convSpec().model.layers.map((l) => (l.type === 'dropout' ? { ...l, rate: 0.4 } : l));
    const steps = async (fit: Fit, from: number, to: number) => {
      const losses = [];
      for (let i = from; i < to; i++) losses.push((await fit.step(batchOf(i, i % 3 ? 12 : 7, 30), 1e-2)).loss);
      return losses;
    };

    test('keep their weights and statistics, have no slots, and the others learn', async () => {
      await withFit(engine, convSpec({ layers, l2: 1e-3, frozen: FROZEN }), images(30), async (fit) => {
        const before = await fit.state();
        await steps(fit, 0, 4);
        const changed = [];
        for (const [name, { data }] of await fit.state())
          if (data.some((v, i) => v !== before.get(name)!.data[i])) changed.push(name);
        const trained = ['dense_1/kernel', 'dense_1/bias', 'batch_norm_2/gamma', 'batch_norm_2/beta', 'dense_2/kernel'];
        trained.push('dense_2/bias');
        const slots = trained.flatMap((n) => [`optimizer/first_moment/${n}`, `optimizer/second_moment/${n}`]);
        const statistics = ['batch_norm_2/moving_mean', 'batch_norm_2/moving_variance'];
        expect(changed.sort()).toEqual([...trained, ...slots, ...statistics, 'step'].sort());
        expect([...before.keys()].filter((n) => n.startsWith('optimizer/')).sort()).toEqual(slots.sort());
        expect([...before.keys()]).toContain('batch_norm_1/moving_mean');
      });
    });

    test('run in inference mode: a step of what follows has the loss that evaluation has', async () => {
      // All but the last layer, which has neither statistics nor noise: training and inference give the same answer.
      const frozen = [...FROZEN, 'average_pool2d_1', 'flatten_1', 'dense_1', 'batch_norm_2'];
      const trained = await withFit(engine, convSpec({ layers }), images(30), async (fit) => {
        await steps(fit, 0, 3);
        return fit.weights();
      });
      const all = convSpec({ layers, frozen, batchSize: 30, initial: trained });
      const whole = Int32Array.from({ length: 30 }, (_, i) => i);
      await withFit(engine, all, images(30), async (fit) => {
        expect(await fit.weights()).toEqual(trained);
        const { loss } = await fit.evaluate('train');
        expect((await fit.step(whole, 0)).loss).toBeCloseTo(loss, 5);
      });
      await withFit(engine, { ...all, frozen: [] }, images(30), async (fit) => {
        const { loss } = await fit.evaluate('train');
        expect(Math.abs((await fit.step(whole, 0)).loss - loss)).toBeGreaterThan(1e-3);
      });
    });

    test('are trained in a second stage, whose optimiser starts anew and which resumes bit for bit', async () => {
      const first = convSpec({ layers, frozen: FROZEN });
      const start = await withFit(engine, first, images(30), async (fit) => {
        await steps(fit, 0, 4);
        return new Map([...(await fit.weights()), ['step', (await fit.state()).get('step')!]]);
      });
      const second = convSpec({ layers, initial: start, optimizerStart: 4 });
      const whole = await withFit(engine, second, images(30), async (fit) => {
        const state = await fit.state();
        expect(state.get('step')!.data).toEqual(Int32Array.of(4));
        expect(state.get('optimizer/first_moment/conv1/kernel')!.data.every((v) => v === 0)).toBe(true);
        await steps(fit, 4, 5);
        // Adam's first update moves by the rate itself, whatever the gradient: only if its count began again.
        const moved = (await fit.weights())
          .get('dense_2/kernel')!
          .data.map((v, i) => Math.abs(v - start.get('dense_2/kernel')!.data[i]!));
        expect(Math.max(...moved)).toBeLessThan(1.01e-2);
        expect(Math.max(...moved)).toBeGreaterThan(0.9e-2);
        expect((await fit.weights()).get('conv1/kernel')!.data).not.toEqual(start.get('conv1/kernel')!.data);
        const saved = await fit.state();
        return { saved, losses: await steps(fit, 5, 8), state: await fit.state() };
      });
      await withFit(engine, second, images(30), async (fit) => {
        await fit.restore(whole.saved);
        expect(await steps(fit, 5, 8)).toEqual(whole.losses);
        expect(await fit.state()).toEqual(whole.state);
      });
    });

    test('what they give is computed once, where it is the same in every step, and nothing else changes by it', async () => {
      const frozen = [...FROZEN, 'average_pool2d_1'];
      const all = (featureBytes: number) =>
        withFit(engine, convSpec({ layers, l2: 1e-3, frozen, featureBytes }), images(30), async (fit) => {
          const losses = await steps(fit, 0, 4);
          const saved = await fit.state();
          losses.push(...(await steps(fit, 4, 6)));
          const end = await fit.state();
          await fit.restore(saved);
          await steps(fit, 4, 6);
          expect(await fit.state()).toEqual(end);
          const other = new Map(saved).set('conv1/kernel', {
            ...saved.get('conv1/kernel')!,
            data: new Float32Array(36),
          });
          if (fit.mode.reason.includes('computed once'))
            await expect(fit.restore(other)).rejects.toThrow('"conv1/kernel", which is frozen');
          const evaluated = await fit.evaluate('validation');
          return { losses, end, names: [...(await fit.weights()).keys()], evaluated, reason: fit.mode.reason };
        });
      const [once, anew] = [await all(60 * 12 * 4), await all(60 * 12 * 4 - 1)];
      expect(once.reason).toContain('up to dropout_1 give is computed once: 12 numbers an item in place of 64');
      expect(anew.reason).not.toContain('computed once');
      expect(once.names).toEqual(anew.names);
      expect([...once.end.keys()].sort()).toEqual([...anew.end.keys()].sort());
      for (const [name, { data }] of once.end)
        data.forEach((v, i) => {
          expect(Math.abs(v - anew.end.get(name)!.data[i]!), name).toBeLessThan(1e-5);
        });
      once.losses.forEach((loss, i) => {
        expect(Math.abs(loss - anew.losses[i]!), `step ${i}`).toBeLessThan(1e-5);
      });
      expect(once.evaluated.loss).toBeCloseTo(anew.evaluated.loss, 5);
    });

    test('a name that no layer has, a model with nothing left to train, weights that do not fit', async () => {
      const open = (changes: Parameters<typeof convSpec>[0]) =>
        engine.openFit(convSpec(changes), images(30), images(3));
      await expect(open({ frozen: ['conv9'] })).rejects.toThrow('There is no layer "conv9" to freeze');
      const dense = [{ type: 'flatten' }, { type: 'dense', units: 3 }];
      await expect(open({ layers: dense, frozen: ['dense_1'] })).rejects.toThrow('nothing would be trained');
      const one = { shape: [1], dtype: 'float32' as const, data: Float32Array.of(1) };
      await expect(open({ initial: new Map([['conv1/kernel', one]]) })).rejects.toThrow(
        'conv1/kernel is float32 [1], the model wants float32 [3, 3, 1, 4]',
      );
      await expect(open({ initial: new Map([['conv9/kernel', one]]) })).rejects.toThrow('"conv9/kernel"');
    });
  });

  describe('errors name the place', () => {
    const opened = <T>(use: (fit: Fit) => Promise<T>) => withFit(engine, convSpec(), images(30), use);
    test('an index outside the part, a batch too large or empty; the run goes on afterwards', () =>
      opened(async (fit) => {
        await expect(fit.step(Int32Array.of(1, 30), 0.1)).rejects.toThrow(
          'Position 1 of the batch names item 30; the train part has items 0 to 29.',
        );
        await expect(fit.step(new Int32Array(13), 0.1)).rejects.toThrow(
          'A step takes 1 to 12 items (the batch size); it got 13.',
        );
        await expect(fit.step(new Int32Array(0), 0.1)).rejects.toThrow('it got 0');
        expect((await fit.step(batchOf(0, 12, 30), 0.1)).count).toBe(12);
      }));
    test('a checkpoint of another model', () =>
      opened(async (fit) => {
        const state = await fit.state();
        state.delete('optimizer/first_moment/batch_norm_1/beta');
        state.set('conv1/kernel', { shape: [1], dtype: 'float32', data: Float32Array.of(1) });
        await expect(fit.restore(state)).rejects.toMatchObject({
          code: 'invalid_data',
          items: [
            { path: 'conv1/kernel', message: 'conv1/kernel is float32 [1], the model wants float32 [3, 3, 1, 4]' },
            { path: 'optimizer/first_moment/batch_norm_1/beta' },
          ],
        });
      }));
    test.each([
      [{ ...images(30), n: 31 }, /train part holds 1920 numbers; 31 items of \[8, 8, 1\] are 1984/],
      [{ ...images(30), x: new Float32Array(1920) }, /train part must hold images as uint8; it holds Float32Array/],
      [{ ...images(30), y: new Int32Array(30).fill(3, 4, 5) }, /gives item 4 class 3; classes are 0 to 2/],
      [{ x: new Uint8Array(0), y: new Int32Array(0), n: 0 }, /train part holds no item/],
    ])('a part that does not fit %#', async (part, message) => {
      await expect(engine.openFit(convSpec(), part, images(3))).rejects.toThrow(message);
    });
    test('weights that are missing', async () => {
      await expect(engine.predict(convSpec().model, IMAGE, THREE_CLASSES, new Map(), images(3).x, 3)).rejects.toThrow(
        /conv1\/kernel is missing/,
      );
    });
  });
});

test.skipIf(engines.length < 2)(
  'both engines have the same losses for 10 steps, and the same weights after',
  async () => {
    const runs = [];
    for (const engine of engines)
      runs.push(
        await withFit(engine, convSpec({ l2: 1e-3 }), images(30), async (fit) => {
          const losses = [];
          for (let step = 0; step < 10; step++)
            losses.push(await fit.step(batchOf(step, step === 4 ? 5 : 12, 30), 1e-2));
          return { losses, weights: await fit.weights(), validation: await fit.evaluate('validation') };
        }),
      );
    const [a, b] = runs;
    a!.losses.forEach(({ loss }, i) => {
      expect(Math.abs(loss - b!.losses[i]!.loss), `step ${i}`).toBeLessThan(1e-4);
    });
    expect(Math.abs(a!.validation.loss - b!.validation.loss)).toBeLessThan(1e-4);
    expect([...a!.weights.keys()]).toEqual([...b!.weights.keys()]);
    for (const [name, { data }] of a!.weights) {
      const other = b!.weights.get(name)!.data;
      data.forEach((v, i) => {
        expect(Math.abs(v - other[i]!), name).toBeLessThan(1e-3);
      });
    }
  },
);
