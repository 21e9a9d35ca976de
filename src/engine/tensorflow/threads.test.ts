import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepThreading } from './threads.ts';

test('small steps run on one thread, large ones on all; a batch is cut where its gradients are cheap to add up', () => {
  expect(stepThreading(2e6, 1e4, 8)).toEqual({ slices: 1, threads: 1 });
  expect(stepThreading(27e6, 1e5, 8)).toEqual({ slices: 2, threads: 1 });
  expect(stepThreading(8e9, 3.6e6, 2)).toEqual({ slices: 2, threads: 1 });
  // The keypoint network at batch 128 on eight threads: beyond eight slices their sums would take as long as the rest.
  expect(stepThreading(8e9, 3.6e6, 8)).toEqual({ slices: 8, threads: 1 });
  // A dense network: as many parameters as multiply-adds of an item.
  expect(stepThreading(64e6, 1e6, 4)).toEqual({ slices: 1, threads: 4 });
  expect(stepThreading(256e6, 1e6, 4)).toEqual({ slices: 2, threads: 2 });
  expect(stepThreading(0, 0, 8)).toEqual({ slices: 1, threads: 1 });
});

test('never more threads than there are, and never fewer for more work', () => {
  const used = ({ slices, threads }: { slices: number; threads: number }) => slices * threads;
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(1e7), fc.integer({ min: 1, max: 64 }), (multAdds, parameters, available) => {
      const threading = stepThreading(multAdds, parameters, available);
      expect(threading.slices).toBeGreaterThanOrEqual(1);
      expect(threading.threads).toBeGreaterThanOrEqual(1);
      expect(used(threading)).toBeLessThanOrEqual(available);
    }),
  );
});
