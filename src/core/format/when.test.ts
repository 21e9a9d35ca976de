import { expect, test } from 'vitest';
import { ago, day, until } from './when.ts';

const now = new Date('2026-11-22T12:00:00Z');
const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

test.each([
  [0.5, 'now'],
  [-3, 'now'],
  [4, '4 min ago'],
  [59.9, '59 min ago'],
  [60, '1 h ago'],
  [24 * 60, 'yesterday'],
  [9 * 24 * 60, '9 days ago'],
  [60 * 24 * 60, '23 Sept'],
])('%d minutes ago reads %s', (minutes, words) => {
  expect(ago(before(minutes), now)).toBe(words);
});

test('another year is named', () => {
  expect(day(new Date('2025-01-09T12:00:00Z'), now)).toBe('9 Jan 2025');
});

test('what lies ahead', () => {
  expect(until(before(1), now)).toBe('over');
  expect(until(before(-60), now)).toBe('within a day');
  expect(until(before(-60 * 24 * 12 - 5), now)).toBe('in 12 days');
  expect(until(before(-60 * 24 * 14 + 3), now)).toBe('in 14 days');
});
