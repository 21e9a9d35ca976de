import { expect, test } from 'vitest';
import { secondsLeft } from './time-left.ts';

const startedAt = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-01-01T00:00:10Z');

test('goes by the pace of the running attempt alone', () => {
  expect(secondsLeft({ step: 150, totalSteps: 250, attempt: { startedAt, resumedStep: 100 }, now })).toBe(20);
});

test('is unknown before the first step and while the run waits', () => {
  expect(secondsLeft({ step: 100, totalSteps: 250, attempt: { startedAt, resumedStep: 100 }, now })).toBeNull();
  expect(secondsLeft({ step: 0, totalSteps: 250, attempt: null, now })).toBeNull();
});
