import { setImmediate } from 'node:timers';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('pieces of work follow each other, and what waits has its turn once they have taken long enough', async () => {
  let now = 0;
  const turns = new Turns(10, () => now);
  const had: number[] = [];
  for (let piece = 0; piece < 10; piece++) {
    setImmediate(() => had.push(piece));
    await turns.give();
    now += 4;
  }
  // At 0, 12, 24 and 36 ms, each time for all that waited by then.
  expect(turns.given).toBe(4);
  expect(had).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('without work there is nothing to wait for', async () => {
  let now = 0;
  const turns = new Turns(10, () => now);
  await turns.give();
  for (let i = 0; i < 5; i++) {
    now += 1;
    await turns.give();
  }
  expect(turns.given).toBe(1);
});
