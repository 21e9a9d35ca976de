import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreeing, bare, earlierWords, grouped, items, measured, range, times, when } from './words.ts';

test('accuracy is per cent with one decimal', () => {
  expect(measured('accuracy', 0.95867, '')).toBe('95.9 %');
  expect(range('accuracy', { low: 0.9421, high: 0.97 }, '')).toBe('94.2 to 97.0 %');
  expect(bare('accuracy', -0.0169)).toBe('−1.7');
});

test('errors carry two digits of their interval’s width, and their unit', () => {
  expect(range('rmse', { low: 6.83198, high: 7.71275 }, 'pixels', 'and')).toBe('6.83 and 7.71 pixels');
  expect(measured('rmse', 7.2181, 'pixels', 0.88)).toBe('7.22 pixels');
  expect(range('rmse', { low: 48.13, high: 62.9 }, 'progression')).toBe('48 to 63');
  expect(measured('rmse', 0.000123456, '', 0.00002)).toBe('0.000123');
  expect(measured('rmse', 55.123, '')).toBe('55.12');
});

test('counts, times and digests', () => {
  expect(items(1, 'row')).toBe('1 row');
  expect(items(3000, 'image')).toBe('3,000 images');
  expect(when('2026-11-22T15:36:00Z')).toBe('22 November 2026 at 15:36 UTC');
  expect(grouped('0123456789abcdef0123')).toBe('0123456789abcdef 0123');
});

test('the printed difference is that of the printed figures', () => {
  expect(agreeing('rmse', 54.6, 52.4, 14.8)).toEqual({ test: '54.6', before: '52.4', size: '2.2' });
  expect(agreeing('accuracy', 0.95867, 0.976, 0.03)).toEqual({ test: '95.9', before: '97.6', size: '1.7' });
  expect(agreeing('accuracy', 0.9, 0.9)).toEqual({ test: '90.0', before: '90.0', size: '0.0' });
  for (const metric of ['accuracy', 'rmse'] as const)
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.double({ min: 0.0001, max: 0.5, noNaN: true }),
        (a, b, spread) => {
          const { test, before, size } = agreeing(metric, a, b, spread);
          const decimals = size.split('.')[1]?.length ?? 0;
          expect(Math.abs(Number(test) - Number(before)).toFixed(decimals)).toBe(size);
          expect(test.split('.')[1]?.length ?? 0).toBe(decimals);
        },
      ),
    );
});

test('earlier openings are named with when', () => {
  const project = { id: '00000000-0000-7000-8000-000000000000', name: 'Iris' };
  const committedAt = '2026-11-22T15:36:00Z';
  expect(
    earlierWords([
      { project, committedAt, openedAt: '2026-11-22T15:37:00Z' },
      { project, committedAt, openedAt: null },
    ]),
  ).toBe('Iris (opened on 22 November 2026 at 15:37 UTC); Iris (committed on 22 November 2026 at 15:36 UTC)');
  expect([1, 2, 3].map(times)).toEqual(['once', 'twice', '3 times']);
});
