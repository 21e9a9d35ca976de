import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balancedOrder, balancedWeights } from './class-balance.ts';

const labelled = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 60 }))
  .chain(([classes, n]) =>
    fc.tuple(fc.constant(classes), fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n, maxLength: n })),
  );

test('balanced weights: items / (classes * items of the class), so that all weigh the same together', () => {
  expect(balancedWeights(Int32Array.of(0, 0, 0, 1), 2)).toEqual([4 / 6, 2]);
  expect(balancedWeights(Int32Array.of(0, 2, 2, 2), 3)).toEqual([2, 1, 4 / 6]);
});

test('a balanced epoch is as long as the part, shows every class as often, and its items as often as each other', () => {
  fc.assert(
    fc.property(labelled, fc.nat(1000), fc.nat(100), ([classes, list], seed, epoch) => {
      const labels = Int32Array.from(list);
      const order = balancedOrder(labels, classes, seed, epoch);
      expect(order).toHaveLength(labels.length);
      const times = new Int32Array(labels.length);
      for (const item of order) times[item]!++;
      const shown = Array.from({ length: classes }, (_, c) =>
        order.reduce((n, item) => n + (labels[item] === c ? 1 : 0), 0),
      ).filter((_, c) => list.includes(c));
      expect(Math.max(...shown) - Math.min(...shown)).toBeLessThanOrEqual(1);
      for (let c = 0; c < classes; c++) {
        const of = [...times].filter((_, i) => list[i] === c);
        if (of.length) expect(Math.max(...of) - Math.min(...of)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('a balanced epoch depends on seed and epoch alone, and each is another', () => {
  const labels = Int32Array.from({ length: 40 }, (_, i) => (i % 8 === 0 ? 1 : 0));
  const order = (seed: number, epoch: number) => [...balancedOrder(labels, 2, seed, epoch)];
  expect(order(3, 1)).toEqual(order(3, 1));
  expect(order(3, 2)).not.toEqual(order(3, 1));
  expect(order(4, 1)).not.toEqual(order(3, 1));
});
