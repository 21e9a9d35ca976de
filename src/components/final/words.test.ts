import { expect, test } from 'vitest';
import { bare, grouped, items, measured, range, when } from './words.ts';

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
