import { expect, test } from 'vitest';
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
