import { expect, test } from 'vitest';
import { nearZeroLoss, overfitWords } from './overfit.ts';

test('near zero is a hundredth of what it costs to know nothing of the items', () => {
  expect(nearZeroLoss({ kind: 'classification', classes: 10 }, null, Int32Array.of(1, 2))).toBeCloseTo(
    Math.log(10) / 100,
    9,
  );
  const sigmoids = { kind: 'binary_cross_entropy', labelSmoothing: 0 } as const;
  // A tenth for each of ten classes: -(ln 0.1 + 9 ln 0.9) / 10.
  expect(nearZeroLoss({ kind: 'classification', classes: 10 }, sigmoids, Int32Array.of(1, 2))).toBeCloseTo(0.00325, 5);
  const task = { kind: 'regression', targets: 2, offset: [0, 0], scale: [2, 10], unit: '' } as const;
  const y = Float32Array.of(0, 0, 4, Number.NaN);
  // scaled: 0 and 2 about 1; 0 alone
  expect(nearZeroLoss({ ...task, offset: [0, 0], scale: [2, 10] }, null, y)).toBeCloseTo(((1 + 1 + 0) / 3) * 0.01, 9);
  expect(nearZeroLoss({ ...task, offset: [0, 0], scale: [2, 10] }, null, Float32Array.of(3, 3, 3, 3))).toBe(0.01);
  expect(
    nearZeroLoss({ ...task, offset: [0, 0], scale: [2, 10] }, { kind: 'mae' }, Float32Array.of(3, 3, 3, 3)),
  ).toBeCloseTo(0.1, 9);
});

test('it says plainly whether the batch was learnt', () => {
  const result = { items: 32, noun: 'image', steps: 143, first: 2.31, last: 0.0112, target: 0.023 };
  expect(overfitWords(result)).toBe(
    'Learnt by heart: the loss of one batch of 32 images fell from 2.3 to 0.011 in 143 steps. Model, rate and labels fit together.',
  );
  expect(overfitWords({ ...result, steps: 500, last: 0.8 })).toMatch(
    /^Not learnt by heart: after 500 steps .* is 0\.8, from 2\.3; near zero is under 0\.023\./,
  );
});
