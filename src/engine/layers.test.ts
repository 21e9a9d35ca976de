import { afterAll, describe, expect, test } from 'vitest';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import type { Fit, FitSpec } from './engine.ts';
import golden from './golden-layers.json' with { type: 'json' };
import { GOLDEN_BATCH, GOLDEN_CASES, GOLDEN_RATE, goldenPart } from './golden-layers.ts';
import { batchOf, convSpec, images, openEngines } from './testing.ts';

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));

/** Fields of `convSpec` for a regression of `targets` numbers, in their own unit. */
const regression = (targets: number): TaskSpec => ({
  kind: 'regression',
  targets,
  offset: Array(targets).fill(0),
  scale: Array(targets).fill(1),
  unit: '',
});

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (kind, engine) => {
  test.each(GOLDEN_CASES)('$name: 20 steps have the losses that PyTorch has', async ({ name, input, layers }) => {
    const expected = golden[name as keyof typeof golden];
    const part = goldenPart(input);
    const spec = convSpec({ layers, input, optimizer: { kind: 'sgd' }, batchSize: GOLDEN_BATCH });
    const fit = await engine.openFit(spec, part, part);
    try {
      // The engine has compared the compiled step with the eager one; where they differ it trains eagerly.
      expect(fit.mode).toMatchObject({ kind: kind === 'tensorflow' ? 'compiled' : 'eager' });
      for (const [step, loss] of expected.losses.entries()) {
        const got = (await fit.step(batchOf(step, GOLDEN_BATCH, part.n), GOLDEN_RATE)).loss;
        expect(Math.abs(got - loss) / loss, `step ${step}: ${got}, PyTorch ${loss}`).toBeLessThan(1e-5);
      }
      const evaluated = (await fit.evaluate('train')).loss;
      expect(Math.abs(evaluated - expected.evaluated) / expected.evaluated).toBeLessThan(1e-5);
    } finally {
      await fit.close();
    }
  });

  /** What `layer` makes of ones, in training: the squared answers, item by item, over some steps that change nothing. */
  async function noisy(layer: object, seed = 3): Promise<{ steps: number[]; evaluated: number; fit: Fit['mode'] }> {
    const input: InputSpec = { kind: 'image', height: 4, width: 4, channels: 3 };
    const n = 40;
    const layers = [{ type: 'batch_norm', name: 'ones' }, layer, { type: 'flatten' }];
    const spec: FitSpec = convSpec({
      layers,
      input,
      task: regression(48),
      optimizer: { kind: 'sgd', momentum: 0 },
      batchSize: n,
      seed,
    });
    const fit = await engine.openFit(
      spec,
      { x: new Uint8Array(48 * n), y: new Float32Array(48 * n), n },
      {
        x: new Uint8Array(48),
        y: new Float32Array(48),
        n: 1,
      },
    );
    try {
      const state = await fit.state();
      state.get('ones/beta')!.data.fill(1);
      await fit.restore(state);
      const steps = [];
      for (let step = 0; step < 4; step++) steps.push((await fit.step(batchOf(0, n, n), 0)).metricSum / (48 * n));
      return { steps, evaluated: (await fit.evaluate('train')).metricSum / (48 * n), fit: fit.mode };
    } finally {
      await fit.close();
    }
  }

  test('spatial dropout drops whole channels at its rate, anew each step, by the seed, and not in inference', async () => {
    const { steps, evaluated } = await noisy({ type: 'spatial_dropout', rate: 0.4 });
    expect(evaluated).toBeCloseTo(1, 4);
    for (const square of steps) {
      const kept = square * 0.6 ** 2;
      // Of 120 channels a whole number is kept; four standard errors.
      expect(kept * 120).toBeCloseTo(Math.round(kept * 120), 2);
      expect(Math.abs(kept - 0.6)).toBeLessThan(4 * Math.sqrt((0.4 * 0.6) / 120));
    }
    expect(new Set(steps).size).toBeGreaterThan(1);
    expect((await noisy({ type: 'spatial_dropout', rate: 0.4 })).steps).toEqual(steps);
  });

  test('Gaussian noise has its standard deviation, anew each step, by the seed, and is off in inference', async () => {
    const layer = { type: 'gaussian_noise', stddev: 0.5 };
    const { steps, evaluated } = await noisy(layer);
    expect(evaluated).toBeCloseTo(1, 4);
    // Mean of (1 + noise)^2 over 1,920 numbers: 1 + 0.25, its standard error sqrt((4 * 0.25 + 2 * 0.25^2) / 1920).
    for (const square of steps) expect(Math.abs(square - 1.25)).toBeLessThan(4 * Math.sqrt((1 + 0.125) / 1920));
    expect(new Set(steps).size).toBe(4);
    expect((await noisy(layer)).steps).toEqual(steps);
    expect((await noisy(layer, 4)).steps).not.toEqual(steps);
  });

  test('a graph predicts what it answers in evaluation, and saved after 3 steps it goes on bit for bit', async () => {
    const conv = { type: 'conv2d', filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' };
    const layers = [
      { ...conv, name: 'a' },
      { type: 'residual', name: 'block', layers: [conv, { type: 'batch_norm' }, { type: 'dropout', rate: 0.3 }] },
      { type: 'concatenate', inputs: ['block', 'a', 'input'] },
      { type: 'global_max_pool2d' },
      { type: 'dense', units: 3 },
    ];
    const spec = convSpec({ layers });
    const run = async (from: number, to: number, state?: Awaited<ReturnType<Fit['state']>>) => {
      const fit = await engine.openFit(spec, images(30), images(9));
      try {
        if (state) await fit.restore(state);
        const losses = [];
        for (let step = from; step < to; step++) losses.push(await fit.step(batchOf(step, 12, 30), 1e-2));
        return {
          losses,
          state: await fit.state(),
          weights: await fit.weights(),
          right: (await fit.evaluate('validation')).metricSum,
        };
      } finally {
        await fit.close();
      }
    };
    const whole = await run(0, 6);
    const first = await run(0, 3);
    expect((await run(3, 6, first.state)).losses).toEqual(whole.losses.slice(3));
    expect([...whole.weights.keys()].filter((name) => name.startsWith('block/'))).toEqual([
      'block/conv2d_1/kernel',
      'block/conv2d_1/bias',
      'block/batch_norm_1/gamma',
      'block/batch_norm_1/beta',
      'block/batch_norm_1/moving_mean',
      'block/batch_norm_1/moving_variance',
    ]);
    const part = images(9);
    const logits = await engine.predict(spec.model, spec.input, spec.task, whole.weights, part.x, part.n);
    const best = Array.from(part.y, (_, i) => {
      const three = Array.from(logits.subarray(3 * i, 3 * i + 3));
      return three.indexOf(Math.max(...three));
    });
    expect(best.filter((k, i) => k === part.y[i]).length).toBe(whole.right);
  });
});
