import { expect, test } from 'vitest';
import { secondsLeft } from './time-left.ts';

const at = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-01-01T00:00:10Z');

test('goes by the pace since the first step of the running attempt alone', () => {
  expect(secondsLeft({ step: 151, totalSteps: 251, first: { step: 101, at }, now })).toBe(20);
});

test('is unknown before the second step, in the first second, and while the run waits', () => {
  expect(secondsLeft({ step: 101, totalSteps: 251, first: { step: 101, at }, now })).toBeNull();
  expect(
    secondsLeft({ step: 103, totalSteps: 251, first: { step: 101, at }, now: new Date(at.getTime() + 900) }),
  ).toBeNull();
  expect(secondsLeft({ step: 0, totalSteps: 251, first: null, now })).toBeNull();
});
