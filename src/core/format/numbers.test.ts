import { expect, test } from 'vitest';
import { count, duration, fileSize, megabytes, metricValue, ordinal, rateValue, runId } from './numbers.ts';

test('metrics carry the digits that their noise deserves', () => {
  expect(['accuracy/validation', 'loss/train'].map((n) => metricValue(n, 0.96533))).toEqual(['0.965', '0.965']);
  expect([0.00042, -3.21456, 53.8123, 2912.4, 1.5354e14, 0].map((v) => metricValue('loss', v))).toEqual([
    '4.2e−4',
    '−3.215',
    '53.81',
    '2912',
    '1.5e14',
    '0.000',
  ]);
  expect([Number.NaN, Number.NEGATIVE_INFINITY, null].map((v) => metricValue('loss', v))).toEqual(['NaN', '−∞', '']);
});

test('counts, rates and sizes', () => {
  expect(count(3_640_318)).toBe('3,640,318');
  expect([0.001, 0.00001, 0.3, 0.0005 * 9, 1 / 3].map(rateValue)).toEqual([
    '0.001',
    '1e−5',
    '0.3',
    '0.0045',
    '0.333333',
  ]);
  expect([900_136, 16_210_000, 514_660_000].map(megabytes)).toEqual(['0.90', '16.2', '515']);
  expect([12, 4_200, 3.2e9].map(fileSize)).toEqual(['12 bytes', '4.2 kB', '3.20 GB']);
});

test('times, places and run numbers in words', () => {
  expect([8.4, 73, 7500, 3600, 270_000].map(duration)).toEqual(['8 s', '1 min 13 s', '2 h 5 min', '1 h', '3 d 3 h']);
  expect([1, 2, 3, 4, 11, 22, 113].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']);
  expect(runId(142)).toBe('r-0142');
});
