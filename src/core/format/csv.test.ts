import { expect, test } from 'vitest';
import { csvText } from './csv.ts';

test('quotes what must be quoted and disarms formulas', () => {
  expect(
    csvText(
      ['a', 'b'],
      [
        ['x,y', 1.5],
        ['say "hi"', null],
        ['=SUM(A1)', Number.NaN],
        ['-3', -3],
      ],
    ),
  ).toBe('a,b\r\n"x,y",1.5\r\n"say ""hi""",\r\n\'=SUM(A1),NaN\r\n-3,-3\r\n');
});
