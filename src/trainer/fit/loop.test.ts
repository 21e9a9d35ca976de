import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { BatchResult, Fit, StepResult } from '#engine/engine.ts';
import type { Callback } from './callback.ts';
import { fitLoop } from './loop.ts';
import { newLoopState } from './loop-state.ts';
import { planFit } from './plan.ts';
import { stopEarly } from './stop-early.ts';

/** The loop beside an engine whose loss is a hash of all that it was ever given, so that any other order shows. */
class HashFit implements Pick<Fit, 'step' | 'prefetch' | 'evaluate'> {
  hash = 1;
  /** batches that were named ahead and not yet taken */
  named: string[] = [];
  ahead = 0;
  prefetch(indices: Int32Array): void {
    this.named.push(indices.join());
  }
  async step(indices: Int32Array, learningRate: number): Promise<StepResult> {
    this.named = this.named.slice(this.named.indexOf(indices.join()));
    expect(this.named.shift(), 'named ahead').toBe(indices.join());
    this.ahead = Math.max(this.ahead, this.named.length);
    for (const i of indices) this.hash = (this.hash * 48_271 + i + learningRate * 1e6) % 2_147_483_647;
    return {
      loss: this.hash / 2 ** 31,
      penalty: 0,
      metricSum: indices.length - 1,
      count: indices.length,
      gradientNorm: 1,
    };
  }
  async evaluate(): Promise<BatchResult> {
    return { loss: this.hash / 2 ** 31, penalty: 0, metricSum: this.hash % 10, count: 10 };
  }
}

const configOf = (change: Partial<RunConfigInput> = {}): RunConfig =>
  runConfigSchema.parse({
    model: { layers: [{ type: 'dense', units: 2 }] },
    optimizer: { kind: 'adam' },
    learningRate: 0.01,
    schedule: { kind: 'cosine', warmupEpochs: 1 },
    batchSize: 4,
    epochs: 3,
    seed: 5,
    ...change,
  } satisfies RunConfigInput);
const CLASSES = { kind: 'classification', classes: 2 } as const;
const never = () => false;

function recorder() {
  const seen: string[] = [];
  const callback: Callback = {
    onStep: ({ state, result, learningRate, items }) => {
      seen.push(`step ${state.step} ${items} ${result.loss} ${learningRate}`);
    },
    onEpoch: ({ state, improved }) => {
      seen.push(`epoch ${state.epoch} ${improved} ${JSON.stringify(state.metrics)}`);
      return undefined;
    },
    onPause: () => {
      seen.push('pause');
    },
    onResume: () => {
      seen.push('resume');
    },
  };
  return { seen, callback };
}

test('hooks come in this order and no other', async () => {
  const { seen, callback } = recorder();
  const plan = planFit(configOf({ epochs: 2 }), CLASSES, 10);
  const ending = await fitLoop(new HashFit(), plan, newLoopState(), [callback], never);
  const epoch = ['step', 'step', 'step', 'pause', 'epoch', 'resume'];
  expect(seen.map((line) => line.split(' ')[0])).toEqual([...epoch, ...epoch]);
  expect(ending).toEqual({ reason: 'completed', message: 'All 2 epochs are done.' });
});

test('every item is seen once an epoch, in another order each time', async () => {
  const batches: number[][] = [];
  const fit = new HashFit();
  const step = fit.step.bind(fit);
  fit.step = (indices, rate) => {
    batches.push([...indices]);
    return step(indices, rate);
  };
  await fitLoop(fit, planFit(configOf({ epochs: 2 }), CLASSES, 10), newLoopState(), [], never);
  expect(batches.map((b) => b.length)).toEqual([4, 4, 2, 4, 4, 2]);
  const [first, second] = [batches.slice(0, 3).flat(), batches.slice(3).flat()];
  expect(first.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(second.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(second).not.toEqual(first);
  // Where parts are streamed, what is read ahead lies in memory.
  expect(fit.ahead).toBe(2);
});

const HALVES = Int32Array.from({ length: 10 }, (_, i) => (i < 8 ? 0 : 1));
test.each<[string, Partial<RunConfigInput>]>([
  ['cosine', {}],
  ['plateau', { schedule: { kind: 'plateau', direction: 'min', patience: 0, factor: 0.5, cooldownEpochs: 1 } }],
  ['balanced sampling and accumulation', { sampling: 'balanced', batchSize: 2, accumulate: 2 }],
])(
  'interrupted anywhere and gone on with from its state as JSON, a run equals one that was not: %s',
  async (name, change) => {
    const plan = planFit(configOf({ epochs: 7, ...change }), CLASSES, 10, HALVES);
    const whole = recorder();
    await fitLoop(new HashFit(), plan, newLoopState(), [whole.callback], never);
    const rates = new Set(whole.seen.filter((line) => line.startsWith('step')).map((line) => line.split(' ')[4]));
    if (name === 'plateau') expect(rates.size).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }), async (patience) => {
        const parts = recorder();
        const fit = new HashFit();
        let state = newLoopState();
        for (const steps of patience) {
          let left = steps;
          await fitLoop(fit, plan, state, [parts.callback], () => left-- <= 0);
          state = JSON.parse(JSON.stringify(state));
        }
        await fitLoop(fit, plan, state, [parts.callback], never);
        expect(parts.seen).toEqual(whole.seen);
      }),
    );
  },
);

test('several batches make one update, the last of an epoch from what is left', async () => {
  const sizes: number[] = [];
  const plan = planFit(configOf({ epochs: 1, batchSize: 2, accumulate: 3 }), CLASSES, 10);
  const fit = new HashFit();
  const step = fit.step.bind(fit);
  fit.step = (indices, rate) => {
    sizes.push(indices.length);
    return step(indices, rate);
  };
  await fitLoop(fit, plan, newLoopState(), [], never);
  expect(sizes).toEqual([6, 4]);
  expect(plan).toMatchObject({ stepsPerEpoch: 2, totalSteps: 2 });
});

test('balanced sampling shows the rare class as often as the other', async () => {
  const plan = planFit(configOf({ sampling: 'balanced' }), CLASSES, 10, HALVES);
  const labels = [...plan.order(1)].map((i) => HALVES[i]);
  expect(labels.filter((label) => label === 1)).toHaveLength(5);
  expect(planFit(configOf(), CLASSES, 10, HALVES).order(1).toSorted()).toEqual(
    Int32Array.from({ length: 10 }, (_, i) => i),
  );
});

test('a second stage begins with its own rate, whatever the schedule of the first came to', async () => {
  const rates: number[] = [];
  const config = configOf({
    epochs: 6,
    schedule: { kind: 'plateau', direction: 'min', patience: 0, factor: 0.5 },
    startFrom: {
      source: { run: '018f0000-0000-7000-8000-000000000000' },
      secondStage: { epoch: 4, learningRate: 0.001 },
    },
  });
  const fit = new HashFit();
  fit.evaluate = async () => ({ loss: 1, penalty: 0, metricSum: 1, count: 10 });
  const keep: Callback = { onStep: ({ learningRate }) => void rates.push(learningRate) };
  await fitLoop(fit, planFit(config, CLASSES, 4), newLoopState(), [keep], never);
  expect(rates).toEqual([0.01, 0.01, 0.005, 0.0025, 0.001, 0.001]);
});

test('batches whose classes weigh differently add up by their weights', async () => {
  const fit = {
    prefetch() {},
    async step(indices: Int32Array): Promise<StepResult> {
      const [loss, weight] = indices.length === 4 ? [1, 2] : [4, 6];
      return { loss, weight, penalty: 0, metricSum: 1, count: indices.length, gradientNorm: 1 };
    },
    async evaluate(): Promise<BatchResult> {
      return { loss: 0.5, penalty: 0, metricSum: 9, count: 4 };
    },
  };
  const state = newLoopState();
  await fitLoop(fit, planFit(configOf({ epochs: 1 }), CLASSES, 6), state, [], never);
  expect(state.metrics).toMatchObject({ 'loss/train': (2 * 1 + 6 * 4) / 8, 'accuracy/train': 2 / 6 });
  expect(state.sums).toEqual({ loss: 0, metric: 0, count: 0 });
});

test('batches of different sizes add up exactly to the means of the epoch', async () => {
  const fit = {
    prefetch() {},
    async step(indices: Int32Array): Promise<StepResult> {
      return { loss: indices.length === 4 ? 1 : 4, penalty: 0, metricSum: 1, count: indices.length, gradientNorm: 1 };
    },
    async evaluate(): Promise<BatchResult> {
      return { loss: 0.5, penalty: 0, metricSum: 9, count: 4 };
    },
  };
  const state = newLoopState();
  await fitLoop(fit, planFit(configOf({ epochs: 1 }), CLASSES, 6), state, [], never);
  expect(state.metrics).toEqual({
    'loss/train': (4 * 1 + 2 * 4) / 6,
    'loss/validation': 0.5,
    'accuracy/train': 2 / 6,
    'accuracy/validation': 9 / 4,
  });
  const regression: TaskSpec = { kind: 'regression', targets: 1, offset: [0], scale: [1], unit: '' };
  const other = newLoopState();
  await fitLoop(fit, planFit(configOf({ epochs: 1 }), regression, 6), other, [], never);
  expect(other.metrics['rmse/validation']).toBe(1.5);
});

test.each([
  [Number.NaN, 'not a number'],
  [Number.POSITIVE_INFINITY, 'infinite'],
])('a loss of %s ends the run at its step', async (value, words) => {
  const fit = new HashFit();
  let steps = 0;
  fit.step = async () => ({ loss: ++steps === 5 ? value : 1, penalty: 0, metricSum: 0, count: 4, gradientNorm: 1 });
  const { seen, callback } = recorder();
  const ending = await fitLoop(fit, planFit(configOf(), CLASSES, 10), newLoopState(), [callback], never);
  expect(ending).toMatchObject({ reason: 'not_a_number', message: expect.stringContaining(`${words} at step 5`) });
  expect(seen.at(-1)).toContain('step 5');
});

test('an engine that throws ends the loop with its error', async () => {
  const fit = new HashFit();
  fit.step = async () => {
    throw new Error('RESOURCE_EXHAUSTED');
  };
  const loop = fitLoop(fit, planFit(configOf(), CLASSES, 10), newLoopState(), [], never);
  await expect(loop).rejects.toThrow('RESOURCE_EXHAUSTED');
});

test('early stopping watches its metric, remembers over an interruption, and says which epoch was best', async () => {
  const values = [0.5, 0.8, 0.7, 0.75, 0.9];
  let epoch = 0;
  const fit = new HashFit();
  fit.evaluate = async () => ({ loss: 1, penalty: 0, metricSum: values[epoch++]! * 10, count: 10 });
  const config = configOf({ epochs: 5, earlyStopping: { metric: 'accuracy', direction: 'max', patience: 2 } });
  const plan = planFit(config, CLASSES, 4);
  const callbacks = [stopEarly(config.earlyStopping!)];
  const state = newLoopState();
  let checks = 0;
  expect(await fitLoop(fit, plan, state, callbacks, () => ++checks > 6)).toBeNull();
  const resumed = JSON.parse(JSON.stringify(state));
  const ending = await fitLoop(fit, plan, resumed, callbacks, never);
  expect(ending).toMatchObject({ reason: 'early_stopping', message: expect.stringContaining('after epoch 2') });
  expect(resumed).toMatchObject({
    epoch: 4,
    best: { best: 0.8, bestEpoch: 2 },
    bestMetrics: { 'accuracy/validation': 0.8 },
  });
});

test('an epoch that is better by less than early stopping counts still leaves its weights before the run ends', async () => {
  const values = [0.5, 0.6];
  let epoch = 0;
  const fit = new HashFit();
  fit.evaluate = async () => ({ loss: 1, penalty: 0, metricSum: values[epoch++]! * 10, count: 10 });
  const config = configOf({
    epochs: 5,
    earlyStopping: { metric: 'accuracy', direction: 'max', patience: 1, minDelta: 0.2 },
  });
  const kept: number[] = [];
  const keep: Callback = {
    onEpoch: ({ state, improved }) => {
      if (improved) kept.push(state.epoch);
      return undefined;
    },
  };
  const callbacks = [stopEarly(config.earlyStopping!), keep];
  const ending = await fitLoop(fit, planFit(config, CLASSES, 4), newLoopState(), callbacks, never);
  expect(ending).toMatchObject({ reason: 'early_stopping' });
  expect(kept).toEqual([1, 2]);
});
