import { expect, test } from 'vitest';
import { byEpoch } from './by-epoch.ts';

const series = (steps: number[], values: number[]) => ({ steps, times: steps.map((s) => s * 10), values });

test('steps of an epoch become their mean, an epoch that still runs is left out', () => {
  const losses = series([1, 2, 3, 4, 5], [4, 2, 1, 3, 9]);
  expect(byEpoch(losses, 2, 5, 1)).toEqual({ steps: [2, 4], times: [20, 40], values: [3, 2] });
});

test('a last batch that is not full counts by its items', () => {
  // Batches of 4 out of 9 items: the last holds one.
  expect(byEpoch(series([1, 2, 3], [1, 1, 10]), 3, 3, 1 / 4).values).toEqual([(4 * 1 + 4 * 1 + 10) / 9]);
});

test('a series with one point an epoch stays as it is', () => {
  const validation = series([2, 4, 6], [3, 2, 1]);
  expect(byEpoch(validation, 2, 6, 0.5)).toEqual(validation);
});

test('what is not a number stays visible', () => {
  expect(byEpoch(series([1, 2], [1, Number.NaN]), 2, 2, 1).values).toEqual([Number.NaN]);
});
