import { expect, test } from 'vitest';
import { pointMarks } from './point-marks.ts';

test('coordinates are found where the header has them', () => {
  const mark = (name: string, x: number, y: number) => ({ name, x, y, side: null });
  expect(pointMarks(['x1', 'y1', 'x2', 'y2'])).toEqual([mark('1', 0, 1), mark('2', 2, 3)]);
  expect(pointMarks(['x1', 'x2', 'y2', 'y1'])).toEqual([mark('1', 0, 3), mark('2', 1, 2)]);
});

test('sides are those of the names, and of a pair whose names say nothing the first is left', () => {
  const names = ['left_eye', 'eyeR', 'nose', 'a', 'b'];
  const sides = (swaps?: [string, string][] | null) =>
    pointMarks(
      names.flatMap((name) => [`${name}_x`, `${name}_y`]),
      swaps,
    ).map(({ side }) => side);
  expect(sides()).toEqual(['left', 'right', null, null, null]);
  expect(sides(null)).toEqual(sides());
  expect(sides([['a', 'b']])).toEqual(['left', 'right', null, 'left', 'right']);
  expect(sides([['nose', 'left_eye']])).toEqual(['left', 'right', 'left', null, null]);
});
