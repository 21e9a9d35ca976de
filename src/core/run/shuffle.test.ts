import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochOrder } from './shuffle.ts';

test('every order holds each index once and repeats for the same seed and epoch', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(2 ** 31 - 1), fc.nat(100_000), (n, seed, epoch) => {
      const order = epochOrder(n, seed, epoch);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(epochOrder(n, seed, epoch)).toEqual(order);
    }),
  );
});

test('seed and epoch each change the order', () => {
  expect(epochOrder(100, 1, 1)).not.toEqual(epochOrder(100, 1, 2));
  expect(epochOrder(100, 1, 1)).not.toEqual(epochOrder(100, 2, 1));
  expect(epochOrder(100, 1, 2)).not.toEqual(epochOrder(100, 2, 1));
});

test('each index comes first about equally often (chi-square, 9 degrees of freedom)', () => {
  const counts = new Array<number>(10).fill(0);
  for (let epoch = 0; epoch < 10_000; epoch++) counts[epochOrder(10, 42, epoch)[0]!]!++;
  const chi = counts.reduce((sum, c) => sum + (c - 1_000) ** 2 / 1_000, 0);
  expect(chi).toBeLessThan(27.9); // p = 0.001; the draw is fixed, so this can't flicker
});
