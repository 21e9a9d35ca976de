import { expect, test } from 'vitest';
import { scheduleSchema } from '../config/run-config.ts';
import { learningRateAt } from './schedule.ts';

const base = { learningRate: 0.1, epochs: 4 };

test('constant', () => {
  const config = { ...base, schedule: { kind: 'constant', warmupEpochs: 0 } as const };
  expect([0, 5, 39].map((step) => learningRateAt(config, step, 10))).toEqual([0.1, 0.1, 0.1]);
});

test('warm-up rises linearly and reaches the rate on its last step', () => {
  const config = { ...base, schedule: { kind: 'constant', warmupEpochs: 0.4 } as const };
  const rates = [0, 1, 2, 3, 4].map((step) => learningRateAt(config, step, 10));
  [0.025, 0.05, 0.075, 0.1, 0.1].forEach((want, i) => {
    expect(rates[i]).toBeCloseTo(want, 12);
  });
});

test('step falls by its factor after each span', () => {
  const config = { ...base, schedule: { kind: 'step', everyEpochs: 1.5, factor: 0.1, warmupEpochs: 0 } as const };
  const rates = [14, 15, 29, 30].map((step) => learningRateAt(config, step, 10));
  [0.1, 0.01, 0.01, 0.001].forEach((want, i) => {
    expect(rates[i]).toBeCloseTo(want, 12);
  });
});

test('cosine starts at the rate, is half way in the middle and never rises', () => {
  const config = { ...base, schedule: { kind: 'cosine', finalRate: 0.02, warmupEpochs: 0 } as const };
  const rates = Array.from({ length: 40 }, (_, step) => learningRateAt(config, step, 10));
  expect(rates[0]).toBeCloseTo(0.1, 12);
  expect(rates[20]).toBeCloseTo(0.06, 12);
  for (let i = 1; i < 40; i++) expect(rates[i]).toBeLessThanOrEqual(rates[i - 1]!);
  expect(rates[39]).toBeGreaterThanOrEqual(0.02);
});

test('exponential is its factor times itself after each epoch', () => {
  const config = { ...base, schedule: { kind: 'exponential', factor: 0.5, warmupEpochs: 1 } as const };
  const rates = [9, 10, 15, 20, 30].map((step) => learningRateAt(config, step, 10));
  [0.1, 0.1, 0.1 * Math.SQRT1_2, 0.05, 0.025].forEach((want, i) => {
    expect(rates[i]).toBeCloseTo(want, 12);
  });
});

test('a plateau’s rate falls as often as it was met, and never below its floor', () => {
  const schedule = scheduleSchema.parse({ kind: 'plateau', direction: 'min', factor: 0.1, finalRate: 0.0005 });
  const rates = [0, 1, 2, 3].map((falls) => learningRateAt({ ...base, schedule }, 7, 10, falls));
  [0.1, 0.01, 0.001, 0.0005].forEach((want, i) => {
    expect(rates[i]).toBeCloseTo(want, 12);
  });
});

test('one cycle rises to the rate and ends far below where it began, however short the run', () => {
  const schedule = scheduleSchema.parse({ kind: 'one_cycle' });
  const rates = Array.from({ length: 40 }, (_, step) => learningRateAt({ ...base, schedule }, step, 10));
  const top = rates.indexOf(Math.max(...rates));
  expect(rates[0]).toBeCloseTo(0.1 / 25, 12);
  expect(top).toBe(11);
  expect(rates[top]).toBeCloseTo(0.1, 12);
  expect(rates[39]).toBeCloseTo(0.1 / 25 / 1e4, 12);
  for (let i = 1; i < 40; i++) expect(rates[i]! > rates[i - 1]!).toBe(i <= top);
  for (let steps = 1; steps < 6; steps++)
    for (let step = 0; step < steps; step++) {
      const rate = learningRateAt({ ...base, epochs: 1, schedule }, step, steps);
      expect(rate > 0 && rate <= 0.1).toBe(true);
    }
});
