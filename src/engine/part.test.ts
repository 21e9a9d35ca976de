import { expect, test } from 'vitest';
import type { TaskSpec } from '#core/model/spec.ts';
import { preparePart } from './part.ts';

const task: TaskSpec = { kind: 'regression', targets: 2, offset: [10, 0], scale: [2, 1], unit: '' };
const prepare = (y: number[]) =>
  preparePart(
    'validation',
    { x: new Float32Array(y.length / 2), y: Float32Array.from(y), n: y.length / 2 },
    { kind: 'vector', features: 1 },
    task,
  );

test('targets are normalised, and those that are missing are masked', () => {
  const { y, present, masked } = prepare([12, 3, Number.NaN, 4]);
  expect([...y]).toEqual([1, 3, 0, 4]);
  expect([...present!]).toEqual([1, 1, 0, 1]);
  expect(masked).toBe(true);
  expect(prepare([12, 3]).present).toBeUndefined();
});

test('a part without a single target is refused: its loss would read 0', () => {
  expect(() => prepare([Number.NaN, Number.NaN])).toThrow('The validation part has no target at all');
});
