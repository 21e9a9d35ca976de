import { expect, test } from 'vitest';
import { queue } from './queue.ts';

const never = new AbortController().signal;
const rest = () => new Promise(setImmediate);

test('so many run at once; the next begins once one has ended, well or badly', async () => {
  const enqueue = queue(2, 10);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const works = ['a', 'b', 'c', 'd'].map((name) =>
    enqueue(() => {
      begun.push(name);
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      return end.promise;
    }, never),
  );
  const ended = Promise.allSettled(works);
  await rest();
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')!.reject(new Error('broken'));
  await rest();
  expect(begun).toEqual(['a', 'b', 'c']);
  ends.get('c')!.resolve();
  await rest();
  for (const { resolve } of ends.values()) resolve();
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  await expect(enqueue(async () => 'free again', never)).resolves.toBe('free again');
});

test('who goes away while waiting never begins, and leaves the place to who comes next', async () => {
  const enqueue = queue(1, 1);
  const first = Promise.withResolvers<void>();
  const running = enqueue(() => first.promise, never);
  const away = new AbortController();
  let begun = false;
  const waits = enqueue(async () => {
    begun = true;
  }, away.signal);
  await expect(enqueue(async () => {}, never)).rejects.toMatchObject({ code: 'too_many' });
  away.abort();
  await expect(waits).rejects.toMatchObject({ name: 'AbortError' });
  const next = enqueue(async () => 'next', never);
  first.resolve();
  await running;
  expect(await next).toBe('next');
  expect(begun).toBe(false);
  await expect(enqueue(async () => {}, away.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
