import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptEpochs } from './kept-checkpoints.ts';

const values = (list: number[]) => new Map(list.map((value, i) => [i + 1, value]));

test('the best k in the direction, the earlier of two equals, and every n', () => {
  const loss = values([0.9, 0.5, Number.NaN, 0.5, 0.7, 0.4]);
  expect(keptEpochs({ keepBest: 2, everyEpochs: null }, 'min', loss)).toEqual(
    new Map([
      [2, { rank: 2, periodic: false }],
      [6, { rank: 1, periodic: false }],
    ]),
  );
  expect([...keptEpochs({ keepBest: 1, everyEpochs: 3 }, 'max', loss).entries()]).toEqual([
    [1, { rank: 1, periodic: false }],
    [3, { rank: null, periodic: true }],
    [6, { rank: null, periodic: true }],
  ]);
});

test('deciding after each epoch, with what was kept alone, keeps what deciding at the end keeps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN)), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.option(fc.integer({ min: 1, max: 7 })),
      fc.constantFrom('min' as const, 'max' as const),
      (list, keepBest, everyEpochs, direction) => {
        const spec = { keepBest, everyEpochs };
        const all = values(list);
        const known = new Map<number, number>();
        for (const [epoch, value] of all) {
          known.set(epoch, value);
          const kept = keptEpochs(spec, direction, known);
          for (const old of [...known.keys()]) if (!kept.has(old)) known.delete(old);
        }
        expect([...known.keys()]).toEqual([...keptEpochs(spec, direction, all).keys()]);
      },
    ),
  );
});
