import { expect, test } from 'vitest';
import type { AppError } from '../errors.ts';
import { checkPoints } from './series.ts';

const points = (name: string, steps: number[]) => ({
  name,
  steps,
  times: steps.map(() => 0),
  values: steps.map(() => 1),
});

function problems(...series: Parameters<typeof checkPoints>[0]): string[] {
  try {
    checkPoints(series);
    return [];
  } catch (error) {
    return (error as AppError).items.map((item) => item.path);
  }
}

test('names need a group, and every bad place is named', () => {
  expect(problems(points('loss/train', [1, 2]), points('custom/f1', [0]))).toEqual([]);
  expect(problems(points('loss', [1]), points('a/b c', [1]))).toEqual(['/series/0/name', '/series/1/name']);
});

test('steps increase, arrays have equal length', () => {
  expect(problems(points('a/b', [1, 1]))).toEqual(['/series/0/steps/1']);
  expect(problems(points('a/b', [0.5]))).toEqual(['/series/0/steps/0']);
  expect(problems({ name: 'a/b', steps: [1], times: [], values: [1] })).toEqual(['/series/0']);
});

test('times are dates', () => {
  expect(problems({ ...points('a/b', [1, 2]), times: [0, 1e300] })).toEqual(['/series/0/times/1']);
});
