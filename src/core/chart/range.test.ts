import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullRange, robustRange, type Shown } from './range.ts';

const steps = (n: number, at: (i: number) => number): Shown => ({ values: Array.from({ length: n }, (_, i) => at(i)) });
/** A loss that falls from 2.3. */
const good = (k = 0, n = 200) => steps(n, (i) => 0.05 + 0.01 * k + 2.25 * Math.exp(-i / (n / 4)));
const diverged = (n = 200) => steps(n, (i) => 2.3 * 1.2 ** i);

describe('the range of everything', () => {
  test('leaves out only what can’t be drawn', () => {
    expect(fullRange([{ values: [Number.NaN, 1, 3, Number.POSITIVE_INFINITY] }], false)).toEqual({ min: 1, max: 3 });
    expect(fullRange([{ values: [0, -1, 2] }, { values: [8] }], true)).toEqual({ min: 2, max: 8 });
    expect(fullRange([{ values: [] }, { values: [Number.NaN] }], false)).toBeNull();
  });
});

describe('the range without outliers', () => {
  test.each([2, 3, 5, 20])('of %i runs one that diverged does not flatten the others', (n) => {
    const lines = [...Array.from({ length: n - 1 }, (_, k) => good(k)), diverged()];
    const others = fullRange(lines.slice(0, -1), false)!;
    const { min, max } = robustRange(lines, false)!;
    expect(min).toBe(others.min);
    expect(max).toBeLessThan(others.max * 1.2);
    expect(max).toBeGreaterThan(1);
    // A log axis shows two lines that are far apart.
    if (n > 2) expect(robustRange(lines, true)!.max).toBeLessThan(10);
  });
  test('nor do some, as long as they are the fewer, nor one of few points, nor one that fell', () => {
    expect(robustRange([good(), good(1), good(2), diverged(), diverged(90)], false)!.max).toBeLessThan(3);
    expect(robustRange([good(0, 8), good(1, 8), diverged(12), steps(9, (i) => 900 + i)], false)!.max).toBeGreaterThan(
      9,
    );
    expect(robustRange([good(0, 8), good(1, 8), steps(9, (i) => 900 + i)], false)!.max).toBeLessThan(3);
    const fell = steps(50, (i) => -(1.5 ** i));
    expect(robustRange([good(), good(1), fell], false)!.min).toBeGreaterThan(-1);
  });
  test('a side whose runs all became not a number does not set the range, even where it may not be left out', () => {
    const broke = [1, 2, 3].map((k) => ({ ...steps(40, (i) => 2.3 * k * 1.3 ** i), keep: true, diverged: true }));
    const trained = [good(), good(1), good(2)].map((line) => ({ ...line, keep: true }));
    expect(robustRange([...broke, ...trained], false)).toEqual(robustRange(trained, false));
    expect(robustRange(broke, false)).toEqual(
      robustRange(
        broke.map(({ diverged: _, ...line }) => line),
        false,
      ),
    );
  });
  test('a slower run, a flat one and a single curve are no outliers', () => {
    const slow = steps(200, (i) => 2.3 - i / 200);
    const flat = steps(200, () => 2.31);
    for (const lines of [[good(), slow], [good(), flat], [good(), good(1), slow], [flat, flat, good()], [good()]])
      expect(robustRange(lines, false)).toEqual(fullRange(lines, false));
  });
  test('what moves is never left out beside what stands at zero', () => {
    const zero = steps(30, () => 0);
    const lines = [zero, zero, zero, steps(30, (i) => i / 100)];
    expect(robustRange(lines, false)).toEqual(fullRange(lines, false));
  });
  test('a spike is cut where it takes more than three quarters of the picture, the first steps are not; what must stay stays', () => {
    const spiky = steps(100, (i) => (i === 99 ? 500 : i / 100));
    expect(robustRange([spiky], false)!.max).toBeLessThan(1.1);
    const falling = steps(100, (i) => 0.6 + 1.7 * 0.85 ** i);
    expect(robustRange([falling], false)!.max).toBeGreaterThanOrEqual(2.3);
    const kept = robustRange([spiky, { values: [20], keep: true }], false)!;
    expect(kept.max).toBeGreaterThanOrEqual(20);
    expect(kept.max).toBeLessThan(22);
    expect(robustRange([good(), good(1), { ...diverged(10), keep: true }], false)!.max).toBeGreaterThan(10);
  });
  test('lies within the range of everything, holds most lines, and does not depend on their order', () => {
    const line = fc.record({
      values: fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 }),
      keep: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, log) => {
        const full = fullRange(lines, log);
        const robust = robustRange(lines, log);
        expect(robustRange(lines.toReversed(), log)).toEqual(robust);
        expect(robust === null).toBe(full === null);
        if (!full || !robust) return;
        expect(robust.min).toBeGreaterThanOrEqual(full.min);
        expect(robust.max).toBeLessThanOrEqual(full.max);
        expect(robust.min).toBeLessThanOrEqual(robust.max);
        for (const { values } of lines.filter((l) => l.keep))
          for (const v of values.filter((v) => !log || v > 0)) {
            expect(v).toBeGreaterThanOrEqual(robust.min);
            expect(v).toBeLessThanOrEqual(robust.max);
          }
      }),
    );
  });
});
