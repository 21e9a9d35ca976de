import { expect, test } from 'vitest';
import { line } from './in-line.ts';

test('a work begins once the one before has ended, also where that failed', async () => {
  const wait = line();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const works = [
    wait(async () => {
      told.push('first begins');
      await first.promise;
      told.push('first fails');
      throw new Error('broken');
    }),
    wait(async () => told.push('second')),
    wait(async () => told.push('third')),
  ];
  const ended = Promise.allSettled(works);
  await new Promise(setImmediate);
  expect(told).toEqual(['first begins']);
  first.resolve();
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(told).toEqual(['first begins', 'first fails', 'second', 'third']);
});
