import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeze, layersUpTo } from '#core/model/freeze.ts';
import { planModel } from '#core/model/plan.ts';
import { modelSchema } from '#core/model/spec.ts';
import { summarise } from '#core/model/summary.ts';
import { type StepWork, stepThreading, type Threading, workOf } from './threads.ts';

const used = ({ slices, threads }: Threading) => slices * threads;
/** About the keypoint network's at batch 128. */
const large: StepWork = { items: 128, multAdds: 8e9, trainable: 3.6e6, outputs: 7.4e7 };

describe('threads of a step', () => {
  test('small steps run on one, large ones on all, each with a slice of the batch', () => {
    expect(stepThreading({ items: 8, multAdds: 2e6, trainable: 1e4, outputs: 1e5 }, 8)).toEqual({
      slices: 1,
      threads: 1,
    });
    expect(stepThreading({ items: 64, multAdds: 27e6, trainable: 1e5, outputs: 1e6 }, 8)).toEqual({
      slices: 2,
      threads: 1,
    });
    expect(stepThreading(large, 2)).toEqual({ slices: 2, threads: 1 });
  });

  test('fewer slices share the threads where gradients are dear to add up or to keep, or items are few', () => {
    expect(stepThreading(large, 12)).toEqual({ slices: 6, threads: 2 });
    // A dense network: as many parameters as multiply-adds of an item.
    expect(stepThreading({ items: 64, multAdds: 64e6, trainable: 1e6, outputs: 1e5 }, 4)).toEqual({
      slices: 1,
      threads: 4,
    });
    expect(stepThreading({ ...large, items: 1 }, 2)).toEqual({ slices: 1, threads: 2 });
    expect(stepThreading({ ...large, items: 4 }, 8)).toEqual({ slices: 4, threads: 2 });
    expect(stepThreading({ ...large, outputs: 4e6 }, 8)).toEqual({ slices: 1, threads: 8 });
  });

  test('never more than there are, never fewer for more work, and no slice without an item', () => {
    const work = fc.record({
      items: fc.integer({ min: 1, max: 512 }),
      multAdds: fc.nat(1e9),
      trainable: fc.nat(1e7),
      outputs: fc.nat(1e8),
    });
    fc.assert(
      fc.property(work, fc.nat(1e9), fc.integer({ min: 1, max: 64 }), (one, more, available) => {
        const threading = stepThreading(one, available);
        expect(threading.slices).toBeGreaterThanOrEqual(1);
        expect(threading.slices).toBeLessThanOrEqual(one.items);
        expect(used(threading)).toBeLessThanOrEqual(available);
        const other = stepThreading({ ...one, multAdds: one.multAdds + more }, available);
        expect(used(other)).toBeGreaterThanOrEqual(used(threading));
      }),
    );
  });

  test('what a step computes is counted from its own layers, and frozen weights have no gradients', () => {
    const model = modelSchema.parse({
      layers: [
        { type: 'conv2d', name: 'conv', filters: 4, kernelSize: 3, activation: 'relu' },
        { type: 'flatten', name: 'flat' },
        { type: 'dense', name: 'answer', units: 3 },
      ],
    });
    const input = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
    const plan = planModel(model, input);
    const { multAdds, parameters } = summarise(model, input, 16);
    const outputs = 16 * (6 * 6 * 4 + 6 * 6 * 4 + 3);
    expect(workOf(plan, 16)).toEqual({ items: 16, multAdds, trainable: parameters, outputs });
    const frozen = workOf(freeze(plan, layersUpTo(plan, 'flat')), 16);
    expect(frozen.trainable).toBe(6 * 6 * 4 * 3 + 3);
    expect(workOf(plan.slice(2), 16).multAdds).toBeLessThan(multAdds / 2);
  });
});
