import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sfc32 } from '../random.ts';
import { scoreClassification } from './classification.ts';
import { bootstrapRatio, newcombe, wilson } from './interval.ts';
import { chiSquaredQuantile, normalCdf, normalQuantile } from './normal.ts';
import { powerPreview } from './power.ts';
import { scoreRegression } from './regression.ts';

const SEED = 'a91c5f0e73d2b8461f9e40c7d86b23a55c0e97f1a4d8b3627e19c05d3b8fa264';

describe('distributions', () => {
  it('agree with tables', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 8);
    expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 6);
    // R: qchisq(c(.025, .975), 10) = 3.246973, 20.483177
    expect(chiSquaredQuantile(0.025, 10)).toBeCloseTo(3.246973, 1);
    expect(chiSquaredQuantile(0.975, 10)).toBeCloseTo(20.483177, 1);
  });
  it('quantile undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 6);
      }),
    );
  });
});

describe('wilson', () => {
  it('agrees with published values', () => {
    // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3 (score without continuity correction)
    for (const [right, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilson(right, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });
  it('holds the estimate, stays in [0, 1] and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const right = Math.round(share * n);
        const { low, high } = wilson(right, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(right / n);
        expect(high).toBeGreaterThanOrEqual(right / n);
        const wider = wilson(right * 4, n * 4);
        expect(wider.high - wider.low).toBeLessThan(high - low);
      }),
    );
  });
  it('refuses what is no proportion', () => {
    expect(() => wilson(3, 2)).toThrow(RangeError);
    expect(() => wilson(0, 0)).toThrow(RangeError);
  });
  it('differences agree with published values', () => {
    // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10
    const first = newcombe({ right: 56, n: 70 }, { right: 48, n: 80 });
    expect(first.low).toBeCloseTo(0.0524, 4);
    expect(first.high).toBeCloseTo(0.3339, 4);
    const second = newcombe({ right: 9, n: 10 }, { right: 3, n: 10 });
    expect(second.low).toBeCloseTo(0.1705, 4);
    expect(second.high).toBeCloseTo(0.809, 4);
  });
});

/** Normal draws by Box and Muller. */
function normals(n: number, next: () => number): Float64Array {
  return Float64Array.from({ length: n }, () => {
    const u = (next() + 1) / 2 ** 32;
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * (next() / 2 ** 32));
  });
}

describe('bootstrapRatio', () => {
  const ones = (n: number) => new Float64Array(n).fill(1);

  it('repeats with the seed and differs with another', () => {
    const squares = normals(200, sfc32(1, 2, 3)).map((v) => v * v);
    const once = bootstrapRatio(squares, ones(200), Math.sqrt, SEED);
    expect(bootstrapRatio(squares, ones(200), Math.sqrt, SEED)).toEqual(once);
    expect(bootstrapRatio(squares, ones(200), Math.sqrt, SEED.replace('a91', '123'))).not.toEqual(once);
  });
  it('agrees with the exact interval for normal errors', () => {
    const n = 2000;
    const squares = normals(n, sfc32(4, 5, 6)).map((v) => v * v);
    const value = Math.sqrt(squares.reduce((a, b) => a + b, 0) / n);
    const exact = powerPreview(n, 'regression', value).interval;
    const { low, high } = bootstrapRatio(squares, ones(n), Math.sqrt, SEED)!;
    expect(Math.abs(low - exact.low)).toBeLessThan(0.006);
    expect(Math.abs(high - exact.high)).toBeLessThan(0.006);
  });
  it('covers the truth about 95 times in 100', () => {
    const next = sfc32(7, 8, 9);
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const squares = normals(60, next).map((v) => v * v);
      const { low, high } = bootstrapRatio(squares, ones(60), Math.sqrt, SEED)!;
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.985);
  });
  it('resamples whole items: a face with all points missing adds nothing', () => {
    const squares = Float64Array.of(4, 9, 0, 16, 1);
    const counts = Float64Array.of(2, 2, 0, 2, 1);
    const without = bootstrapRatio(
      squares.filter((_, i) => i !== 2),
      counts.filter((_, i) => i !== 2),
      Math.sqrt,
      SEED,
    );
    expect(bootstrapRatio(squares, counts, Math.sqrt, SEED)).toEqual(without);
  });
  it('says nothing from one item, and is a point where items do not differ', () => {
    expect(bootstrapRatio(Float64Array.of(4, 0), Float64Array.of(1, 0), Math.sqrt, SEED)).toBeNull();
    expect(bootstrapRatio(new Float64Array(9).fill(4), ones(9), Math.sqrt, SEED)).toEqual({ low: 2, high: 2 });
  });
});

describe('scoreClassification', () => {
  it('agrees with scikit-learn on a small case', () => {
    // labels 0 1 2 2, answers 0 2 2 2: accuracy .75, macro F1 = (1 + 0 + 0.8) / 3
    const logits = Float32Array.of(2, 1, 0, 0, 1, 2, 0, 0, 3, 0, 1, 5);
    const score = scoreClassification(logits, Int32Array.of(0, 1, 2, 2), 3);
    expect(score).toMatchObject({ n: 4, right: 3, accuracy: 0.75 });
    expect(score.macroF1).toBeCloseTo(0.6, 12);
    expect(score.perClass).toEqual([
      { items: 1, right: 1, answered: 1 },
      { items: 1, right: 0, answered: 0 },
      { items: 2, right: 2, answered: 3 },
    ]);
    const lse = (...v: number[]) => Math.log(v.reduce((a, b) => a + Math.exp(b), 0));
    const loss = lse(2, 1, 0) - 2 + (lse(0, 1, 2) - 1) + (lse(0, 0, 3) - 3) + (lse(0, 1, 5) - 5);
    expect(score.logLoss).toBeCloseTo(loss / 4, 6);
  });
  it('counts an answer that is not a number as wrong, and survives huge logits', () => {
    const score = scoreClassification(Float32Array.of(Number.NaN, 1, 1e30, -1e30), Int32Array.of(1, 0), 2);
    expect(score.right).toBe(1);
    expect(score.logLoss).toBeNull();
    expect(scoreClassification(Float32Array.of(1e30, -1e30), Int32Array.of(0), 2).logLoss).toBe(0);
  });
  it('answers the first of equal logits', () => {
    expect(scoreClassification(Float32Array.of(1, 1), Int32Array.of(0), 2).right).toBe(1);
    expect(scoreClassification(Float32Array.of(1, 1), Int32Array.of(1), 2).right).toBe(0);
  });
  it('refuses shapes and labels that do not fit', () => {
    expect(() => scoreClassification(Float32Array.of(1, 2, 3), Int32Array.of(0, 1), 2)).toThrow(/3 logits/);
    expect(() => scoreClassification(Float32Array.of(1, 2), Int32Array.of(2), 2)).toThrow(/Label 2/);
  });
});

describe('scoreRegression', () => {
  it('leaves missing targets out', () => {
    const score = scoreRegression(Float32Array.of(1, 99, 5, 6), Float32Array.of(2, Number.NaN, 5, 9), 2);
    expect(score.present).toBe(3);
    expect(score.rmse).toBeCloseTo(Math.sqrt((1 + 0 + 9) / 3), 12);
    expect(score.mae).toBeCloseTo(4 / 3, 12);
    expect([...score.squaredErrors]).toEqual([1, 9]);
    expect([...score.counts]).toEqual([1, 2]);
  });
  it('has the R2 of scikit-learn', () => {
    // r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) = 0.948608...
    const score = scoreRegression(Float32Array.of(2.5, 0, 2, 8), Float32Array.of(3, -0.5, 2, 7), 1);
    expect(score.r2).toBeCloseTo(0.9486081370449679, 10);
    expect(scoreRegression(Float32Array.of(1, 2), Float32Array.of(4, 4), 1).r2).toBeNull();
  });
  it('has no value where a prediction is not finite', () => {
    const score = scoreRegression(Float32Array.of(Number.NaN, 1), Float32Array.of(0, 1), 1);
    expect(score).toMatchObject({ rmse: null, mae: null, r2: null });
  });
  it('refuses what cannot be scored', () => {
    expect(() => scoreRegression(Float32Array.of(1), Float32Array.of(Number.NaN), 1)).toThrow(/missing/);
    expect(() => scoreRegression(Float32Array.of(1, 2), Float32Array.of(1, 2, 3), 3)).toThrow(/don't fit/);
  });
});

describe('powerPreview', () => {
  it('is the interval that the result will carry', () => {
    const { interval } = powerPreview(750, 'classification', 0.97);
    expect(interval.low).toBeCloseTo(0.955, 3);
    expect(interval.high).toBeCloseTo(0.98, 3);
  });
  it('narrows with n and holds the expected value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.constantFrom('classification' as const, 'regression' as const),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (n, task, expected) => {
          const { interval } = powerPreview(n, task, expected);
          const wide = powerPreview(4 * n, task, expected).interval;
          expect(interval.low).toBeLessThanOrEqual(expected);
          expect(interval.high).toBeGreaterThanOrEqual(expected);
          expect(wide.high - wide.low).toBeLessThan(interval.high - interval.low);
        },
      ),
    );
  });
});
