import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepThreads } from './threads.ts';

test('small steps run on one thread, large ones on all, never on more than there are', () => {
  expect(stepThreads(2e6, 8)).toBe(1);
  expect(stepThreads(27e6, 8)).toBe(2);
  expect(stepThreads(8e9, 8)).toBe(8);
  expect(stepThreads(0, 8)).toBe(1);
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(1e9), fc.integer({ min: 1, max: 64 }), (a, b, available) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((work) => stepThreads(work, available));
      expect(less).toBeGreaterThanOrEqual(1);
      expect(more).toBeLessThanOrEqual(available);
      expect(less).toBeLessThanOrEqual(more!);
    }),
  );
});
