import { expect, test } from 'vitest';
import { optimizerSchema } from './run-config.ts';
import { usualRate } from './usual-rate.ts';

test.each([
  [{ kind: 'adam' }, 0.001],
  [{ kind: 'sgd', momentum: 0 }, 0.01],
  [{ kind: 'sgd', momentum: 0.9 }, 0.01],
  [{ kind: 'sgd', momentum: 0.95 }, 0.005],
  [{ kind: 'sgd', momentum: 0.99 }, 0.001],
  [{ kind: 'rmsprop', momentum: 0.99 }, 0.0001],
])('the usual rate of %j is %f', (optimizer, rate) => {
  expect(usualRate(optimizerSchema.parse(optimizer))).toBe(rate);
});
