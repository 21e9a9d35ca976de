import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HISTOGRAM_BINS, histogramOf } from './histogram.ts';
import { histogramsAreDue, layerNorms, normsAreDue } from './inspection.ts';

const due = (f: (epoch: number) => boolean, epochs: number) =>
  Array.from({ length: epochs }, (_, i) => i + 1).filter(f);

test('layers are looked at in the first epoch, then as seldom as the cost of it asks', () => {
  expect(due((e) => normsAreDue(e, { stepsPerEpoch: 55 }), 8)).toEqual([1, 4, 8]);
  expect(due((e) => normsAreDue(e, { stepsPerEpoch: 20 }), 22)).toEqual([1, 10, 20]);
  const often = (histogramsEvery: number | null, epochs: number, stepsPerEpoch = 500) =>
    due((e) => histogramsAreDue(e, { config: { epochs, histogramsEvery }, stepsPerEpoch }), epochs);
  expect(often(null, 3)).toEqual([1, 2, 3]);
  expect(often(null, 1000).length).toBeLessThanOrEqual(51);
  expect(often(null, 40, 30)).toEqual([1, 17, 34]);
  expect(often(4, 9)).toEqual([1, 4, 8]);
  expect(often(0, 9)).toEqual([]);
});

test('a layer has one norm over kernel and bias, and the ratio of its change to it', () => {
  const before = new Map([
    ['a/conv/kernel', Float32Array.of(3, 0)],
    ['a/conv/bias', Float32Array.of(4)],
    ['b/bias', Float32Array.of(0)],
  ]);
  const after = new Map([
    ['a/conv/kernel', Float32Array.of(3, 0.3)],
    ['a/conv/bias', Float32Array.of(4.4)],
    ['b/bias', Float32Array.of(0)],
  ]);
  const norms = layerNorms(before, after);
  expect([...norms.keys()]).toEqual(['a/conv', 'b']);
  expect(norms.get('a/conv')!.weights).toBe(5);
  expect(norms.get('a/conv')!.updateRatio).toBeCloseTo(0.1, 6);
  expect(norms.get('b')!.updateRatio).toBeNaN();
});

test('every finite number lies in exactly one bin', () => {
  fc.assert(
    fc.property(fc.array(fc.float32Array({ maxLength: 50 }), { maxLength: 4 }), (arrays) => {
      const finite = arrays.flatMap((a) => [...a]).filter(Number.isFinite);
      const histogram = histogramOf(arrays);
      expect(histogram === null).toBe(finite.length === 0);
      if (!histogram) return;
      expect(histogram.counts).toHaveLength(HISTOGRAM_BINS);
      expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(finite.length);
      expect(histogram.min === Math.min(...finite) && histogram.max === Math.max(...finite)).toBe(true);
    }),
  );
  expect([...histogramOf([Float32Array.of(0, 0.5, 1, 1)])!.counts].filter(Boolean)).toEqual([1, 1, 2]);
});
