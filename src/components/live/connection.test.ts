import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connection } from './connection.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T19:43:00Z') }));
afterEach(() => void vi.useRealTimers());

test('a failure while the server answers is no lost connection', async () => {
  const connection = new Connection(async () => true);
  const told = vi.fn();
  connection.subscribe(told);
  const over = connection.suspect();
  await vi.advanceTimersByTimeAsync(5_000);
  await over;
  expect(connection.since).toBeNull();
  expect(told).not.toHaveBeenCalled();
});

test('is lost since the first failure, asks on, and is back with the first answer', async () => {
  let answers = false;
  const probe = vi.fn(async () => answers);
  const connection = new Connection(probe);
  const told: (Date | null)[] = [];
  connection.subscribe(() => told.push(connection.since));
  const over = connection.suspect();
  void connection.suspect();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(connection.since).toEqual(new Date('2026-01-01T19:43:00Z'));
  expect(probe).toHaveBeenCalledTimes(3);
  answers = true;
  await vi.advanceTimersByTimeAsync(2_000);
  await over;
  expect(told).toEqual([new Date('2026-01-01T19:43:00Z'), null]);

  answers = false;
  void connection.suspect();
  await vi.advanceTimersByTimeAsync(500);
  expect(connection.since).toEqual(new Date('2026-01-01T19:43:07Z'));
});
