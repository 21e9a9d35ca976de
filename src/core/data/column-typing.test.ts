import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  categoryLimit,
  categoryOf,
  isMissing,
  parseNumber,
  reportColumn,
  scanCell,
  startColumn,
  startColumns,
} from './column-typing.ts';
import { proposeTarget } from './propose-target.ts';

function column(name: string, cells: string[], decimalComma = false) {
  const scan = startColumn(name, categoryLimit(1));
  cells.forEach((cell, i) => {
    scanCell(scan, cell, i + 2, decimalComma);
  });
  return reportColumn(scan);
}
const times = (n: number, f: (i: number) => string) => Array.from({ length: n }, (_, i) => f(i));

describe('numbers in cells', () => {
  it('reads what JavaScript prints', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => parseNumber(String(x)) === x));
  });
  it.each(['', '1,5', '0x10', '1e999', 'Infinity', '1 2', '--1', 'e5', '.'])('refuses %j', (text) => {
    expect(parseNumber(text)).toBeNull();
  });
  it('takes a decimal comma only where the table uses one', () => {
    expect(parseNumber('1,5', true)).toBe(1.5);
    expect(categoryOf('1.0')).toBe(categoryOf(' 1 '));
  });
  it.each(['', ' ', 'NA', 'n/a', 'NaN', 'null', '?'])('takes %j for missing', (text) =>
    expect(isMissing(text)).toBe(true),
  );
});

describe('a column', () => {
  it('is numeric when its values are numbers, with the few others listed by line', () => {
    expect(column('a', ['1.5', '', '2', '7'])).toMatchObject({ type: 'numeric', missing: 1, missingLines: [3] });
    const nearly = column('a', [...times(40, (i) => String(i / 3)), 'oops']);
    expect(nearly).toMatchObject({ type: 'numeric', notNumbers: { total: 1, first: [{ line: 42, value: 'oops' }] } });
  });
  it('is categorical with few names, and left out when every value differs', () => {
    expect(
      column(
        'a',
        times(30, (i) => 'xyz'[i % 3]!),
      ),
    ).toMatchObject({ type: 'categorical' });
    expect(
      column(
        'a',
        times(100, (i) => `Mr ${i}`),
      ),
    ).toMatchObject({ type: 'ignored' });
    expect(
      column(
        'a',
        times(5000, (i) => `Mr ${i}`),
      ),
    ).toMatchObject({ type: 'ignored', values: null });
  });
  it('is left out when it counts the rows, never changes or holds nothing', () => {
    expect(
      column(
        'id',
        times(12, (i) => String(i + 1)),
      ).reason,
    ).toBe('counts the rows');
    expect(
      column(
        'a',
        times(12, () => 'x'),
      ).reason,
    ).toBe('always x');
    expect(
      column(
        'a',
        times(12, () => ''),
      ).reason,
    ).toBe('no row has a value');
  });
});

describe('the target', () => {
  const number = (name: string) =>
    column(
      name,
      times(200, (i) => String((i * 37) % 199)),
    );
  it('is found by its name, or is the last column', () => {
    const label = column(
      'label',
      times(200, (i) => String(i % 10)),
    );
    expect(proposeTarget([label, number('a')])).toMatchObject({ target: 'label' });
    expect(proposeTarget([label, number('a')]).proposals[0]!.kind).toBe('tabular-classification');
    expect(proposeTarget([number('a'), number('progression')])).toMatchObject({ target: 'progression' });
    expect(proposeTarget([number('a'), number('progression')]).proposals[0]!.kind).toBe('tabular-regression');
  });
});

it('of a very wide table fewer different values are counted, so that all columns together stay bounded', () => {
  const scans = startColumns(times(20_000, (i) => `c${i}`));
  for (let i = 0; i < 150; i++) scanCell(scans[0]!, `v${i}`, i + 2, false);
  for (let i = 0; i < 150; i++) scanCell(scans[1]!, `v${i % 90}`, i + 2, false);
  expect(reportColumn(scans[0]!).values).toBeNull();
  expect(reportColumn(scans[1]!).values).toHaveLength(90);
  expect([categoryLimit(1), categoryLimit(1000), categoryLimit(2000)]).toEqual([1000, 1000, 500]);
});
