import { describe, expect, it } from 'vitest';
import { EncodingFit, type FeatureColumn, featureCount, featureNames, rowEncoder } from './encode-row.ts';

const columns: FeatureColumn[] = [
  { name: 'a', type: 'numeric', categories: [] },
  { name: 'b', type: 'numeric', categories: [] },
  { name: 'c', type: 'categorical', categories: ['x', 'y', 'z'] },
];
const row = (...values: number[]) => Float64Array.from(values);

describe('the encoding', () => {
  const fit = new EncodingFit(columns);
  for (const r of [row(1, 10, 0), row(3, Number.NaN, 2)]) fit.add(r);
  const learnt = fit.columns();

  it('is learnt from the rows given', () => {
    expect(learnt).toEqual([
      { name: 'a', type: 'numeric', mean: 2, std: 1, missing: false },
      { name: 'b', type: 'numeric', mean: 10, std: 1, missing: true },
      { name: 'c', type: 'categorical', categories: ['x', 'z'] },
    ]);
    expect(featureCount(learnt)).toBe(5);
    expect(featureNames(learnt)).toEqual(['a', 'b', 'b is missing', 'c = x', 'c = z']);
  });

  it('encodes numbers, gaps, known and unknown categories', () => {
    const encode = rowEncoder(learnt, columns);
    const out = new Float32Array(5);
    encode(row(5, 12, 2), out);
    expect([...out]).toEqual([3, 2, 0, 0, 1]);
    encode(row(Number.NaN, Number.NaN, 1), out);
    expect([...out]).toEqual([0, 0, 1, 0, 0]);
  });
});
