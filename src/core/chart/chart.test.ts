import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignLines, bucketIndices } from './buckets.ts';
import { linearScale, linearTicks, logScale, tickLabels } from './scale.ts';
import { groupNames, lowerBound, mergeSeries, nearest, type Series, xValues } from './series.ts';
import { smooth } from './smoothing.ts';
import { rowsAround, shiftIntoWindow, tooltipRows } from './tooltip.ts';
import { DEFAULT_VIEW, decodeView, encodeView, type RunsView } from './view-state.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const rising = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { maxLength: 300 }).map((a) => a.sort((x, y) => x - y));
const seriesOf = (steps: number[]): Series => ({
  steps,
  times: steps.map((s) => s * 10),
  values: steps.map((s) => 1 / (s + 1)),
});

describe('smoothing', () => {
  test('is that of TensorBoard on a worked example', () => {
    // w = 0.5: 1; (0.25 + 1) / 0.75; (0.625 + 1.5) / 0.875
    expect(smooth([1, 2, 3], 0.5)).toEqual([1, 1.25 / 0.75, 2.125 / 0.875]);
  });
  test('keeps constants, stays within the values, and weight 0 changes nothing', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (v, w) => {
        const s = smooth(v, w);
        const slack = 1e-6 * Math.max(1, ...v.map(Math.abs));
        expect(smooth(v, 0)).toEqual(v);
        for (const x of s) {
          expect(x).toBeGreaterThanOrEqual(Math.min(...v) - slack);
          expect(x).toBeLessThanOrEqual(Math.max(...v) + slack);
        }
      }),
    );
    expect(smooth([2, 2, 2, 2], 0.9).every((x) => Math.abs(x - 2) < 1e-12)).toBe(true);
  });
  test('lets NaN through without spoiling what follows', () => {
    const s = smooth([1, Number.NaN, 1], 0.9);
    expect(s[1]).toBeNaN();
    expect(s[2]).toBeCloseTo(1, 12);
  });
});

describe('buckets', () => {
  test('keep order, both ends, and the extremes of every bucket', () => {
    fc.assert(
      fc.property(rising, fc.integer({ min: 1, max: 40 }), fc.infiniteStream(finite), (x, buckets, stream) => {
        const y = x.map(() => stream.next().value as number);
        const kept = bucketIndices(x, y, buckets);
        expect([...kept].sort((a, b) => a - b)).toEqual(kept);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept.length).toBeLessThanOrEqual(Math.max(4 * buckets, 0));
        if (x.length === 0) return;
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(x.length - 1);
        const ys = kept.map((i) => y[i]!);
        expect(Math.min(...ys)).toBe(Math.min(...y));
        expect(Math.max(...ys)).toBe(Math.max(...y));
      }),
    );
  });
  test('leave out what is not finite', () => {
    expect(bucketIndices([0, 1, 2], [1, Number.NaN, Number.POSITIVE_INFINITY], 5)).toEqual([0]);
  });
  test('alignment gives every point back at its place', () => {
    fc.assert(
      fc.property(fc.array(rising, { maxLength: 4 }), (xs) => {
        const lines = xs.map((x, k) => ({ x, y: x.map((v) => v * k) }));
        const { x, rows } = alignLines(lines);
        expect([...x].sort((a, b) => a - b)).toEqual(x);
        lines.forEach((line, k) => {
          const back = x.flatMap((v, i) => (rows[k]![i] === null ? [] : [[v, rows[k]![i]]]));
          expect(back).toEqual(line.x.map((v, i) => [v, line.y[i]]));
        });
      }),
    );
  });
});

describe('scales', () => {
  test('a linear axis covers its data, begins and ends on a tick, with few of them', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        fc.pre(a === b || Math.abs(a - b) > 1e-6);
        const [min, max] = a < b ? [a, b] : [b, a];
        const s = linearScale(min, max);
        const slack = (s.max - s.min) * 1e-6;
        expect(s.min).toBeLessThanOrEqual(min + slack);
        expect(s.max).toBeGreaterThanOrEqual(max - slack);
        expect(s.ticks[0]).toBeCloseTo(s.min, 6);
        expect(s.ticks.length).toBeGreaterThanOrEqual(2);
        expect(s.ticks.length).toBeLessThanOrEqual(8);
        expect(new Set(tickLabels(s.ticks)).size).toBe(s.ticks.length);
      }),
      { examples: [[-7e-323, -7e-323]] },
    );
  });
  test('a log axis covers its data with few, different ticks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (min, factor) => {
          const s = logScale(min, min * factor);
          expect(s.min).toBeLessThanOrEqual(min * 1.000001);
          expect(s.max).toBeGreaterThanOrEqual(min * factor * 0.999999);
          expect(s.ticks.length).toBeGreaterThanOrEqual(1);
          expect(s.ticks.length).toBeLessThanOrEqual(9);
          expect(new Set(tickLabels(s.ticks)).size).toBe(s.ticks.length);
        },
      ),
    );
  });
  test('labels carry the same digits', () => {
    expect(tickLabels(linearScale(0.903, 0.98).ticks)).toEqual(['0.90', '0.92', '0.94', '0.96', '0.98']);
    expect(tickLabels(linearTicks(0, 2200, 5))).toEqual(['0', '500', '1,000', '1,500', '2,000']);
    expect(tickLabels(logScale(2e-5, 0.008).ticks)).toEqual(['1e−5', '1e−4', '0.001', '0.01']);
    expect(tickLabels(linearScale(-3, 3).ticks)).toEqual(['−4', '−2', '0', '2', '4']);
    expect(tickLabels(linearTicks(0, 420_000, 3))).toEqual(['0', '200k', '400k']);
    expect(tickLabels(linearTicks(0, 2e6, 5))).toEqual(['0', '0.5M', '1.0M', '1.5M', '2.0M']);
    expect(tickLabels(linearTicks(123_400, 123_500, 2))).toEqual(['123.40k', '123.45k', '123.50k']);
    expect(tickLabels([1e4, 1e5, 1e6])).toEqual(['10,000', '100k', '1M']);
  });
  test('zero is in the picture where it is near, and the axis stays close to the data where not', () => {
    expect(linearScale(0.1, 0.5).min).toBe(0);
    expect(linearScale(0.93, 0.97).min).toBeGreaterThan(0.9);
  });
});

describe('series', () => {
  test('a series that came in overlapping pieces is the whole series', () => {
    fc.assert(
      fc.property(rising, fc.nat(300), fc.nat(300), (steps, a, b) => {
        const whole = seriesOf(steps);
        const [i, j] = [Math.min(a, b, steps.length), Math.min(Math.max(a, b), steps.length)];
        const cut = (from: number, to: number) => seriesOf(steps.slice(from, to));
        expect(mergeSeries(cut(0, j), cut(i, steps.length))).toEqual(whole);
      }),
    );
    const old = seriesOf([1, 2]);
    expect(mergeSeries(old, seriesOf([]))).toBe(old);
  });
  test('a run that went on from an earlier step draws each step once, the newer value', () => {
    const merged = mergeSeries(
      { steps: [1, 2, 3, 4], times: [1, 2, 3, 4], values: [1, 1, 1, 1] },
      { steps: [3, 4, 5], times: [9, 10, 11], values: [2, 2, 2] },
    );
    expect(merged).toEqual({ steps: [1, 2, 3, 4, 5], times: [1, 2, 9, 10, 11], values: [1, 1, 2, 2, 2] });
  });
  test('search agrees with the plain way', () => {
    fc.assert(
      fc.property(rising, fc.integer({ min: -10, max: 1e6 }), (x, at) => {
        expect(lowerBound(x, at)).toBe(x.filter((v) => v < at).length);
        const best = Math.min(...x.map((v) => Math.abs(v - at)));
        if (x.length > 0) expect(Math.abs(x[nearest(x, at)]! - at)).toBe(best);
        else expect(nearest(x, at)).toBe(-1);
      }),
    );
  });
  test('positions by step, epoch and time', () => {
    const s = { steps: [10, 20], times: [5000, 7000], values: [1, 1] };
    const clock = { stepsPerEpoch: 10, startedAt: 4000 };
    expect(xValues(s, 'epoch', clock)).toEqual([1, 2]);
    expect(xValues(s, 'relative', clock)).toEqual([1, 3]);
    expect(xValues(s, 'wall', clock)).toEqual([5, 7]);
  });
  test('groups by the first slash, loss and the metrics first', () => {
    expect(groupNames(['lr', 'loss/validation', 'custom/a/b', 'loss/train', 'accuracy/train'])).toEqual([
      ['loss', ['loss/train', 'loss/validation']],
      ['accuracy', ['accuracy/train']],
      ['custom', ['custom/a/b']],
      ['lr', ['lr']],
    ]);
  });
});

describe('tooltip', () => {
  const line = (key: string, x: number[], y: number[]) => ({ key, x, drawn: y, values: y });
  test('sorts by value, marks the nearest line and says which have ended', () => {
    const rows = tooltipRows([line('a', [0, 10, 20], [3, 2, 1]), line('b', [0, 10], [1, 4])], 19, 1.1);
    expect(rows.map((r) => [r.key, r.drawn, r.ended, r.near])).toEqual([
      ['b', 4, false, false],
      ['a', 1, false, true],
    ]);
    expect(tooltipRows([line('b', [0, 10], [1, 4])], 30, null)[0]).toMatchObject({ x: 10, ended: true, near: false });
  });
  test('goes up where its last rows would lie below the window, its head no further than to the upper edge', () => {
    const up = (top: number, bottom: number) =>
      shiftIntoWindow({ top, bottom, right: 500, width: 300 }, { innerWidth: 1440, innerHeight: 900 }).y;
    expect([up(100, 400), up(700, 892), up(700, 1000), up(50, 1000), up(-20, 1000)]).toEqual([0, 0, -108, -42, 0]);
  });
  test('goes to the other side of the cursor where it would leave at the right', () => {
    const aside = (right: number) =>
      shiftIntoWindow({ top: 100, bottom: 400, right, width: 300 }, { innerWidth: 1440, innerHeight: 900 }).x;
    expect([aside(1432), aside(1446)]).toEqual([0, -328]);
  });
  test('of many rows those around the nearest line are shown', () => {
    const lines = Array.from({ length: 20 }, (_, k) => line(`${k}`, [0], [20 - k]));
    const shown = (y: number | null, most = 4) => rowsAround(tooltipRows(lines, 0, y), most).map((r) => r.key);
    expect(shown(20)).toEqual(['0', '1', '2', '3']);
    expect(shown(null)).toEqual(['0', '1', '2', '3']);
    expect(shown(10)).toEqual(['8', '9', '10', '11']);
    expect(shown(1)).toEqual(['16', '17', '18', '19']);
    expect(shown(5, 30)).toHaveLength(20);
  });
  test('a line that has not begun is not listed; NaN sorts last', () => {
    const rows = tooltipRows(
      [line('late', [100, 110], [1, 1]), line('nan', [0], [Number.NaN]), line('a', [0, 1], [1, 1])],
      0,
      1,
    );
    expect(rows.map((r) => r.key)).toEqual(['a', 'nan']);
  });
});

describe('the view in the address', () => {
  const name = fc.string({ minLength: 1, maxLength: 20 }).filter((s) => s.isWellFormed());
  const view: fc.Arbitrary<RunsView> = fc.record({
    filter: fc.string({ maxLength: 20 }).filter((s) => s.isWellFormed()),
    selected: fc.array(fc.integer({ min: 1, max: 9999 }), { maxLength: 9 }),
    hidden: fc.array(fc.integer({ min: 1, max: 9999 }), { maxLength: 9 }),
    pinned: fc.array(fc.integer({ min: 1, max: 9999 }), { maxLength: 9 }),
    smoothing: fc.integer({ min: 0, max: 999 }).map((n) => n / 1000),
    x: fc.constantFrom('step', 'epoch', 'relative', 'wall'),
    log: fc.boolean(),
    cutOutliers: fc.boolean(),
    columns: fc.option(fc.array(name, { maxLength: 5 })),
    sort: fc.record({ column: name.filter((n) => !n.startsWith('-')), descending: fc.boolean() }),
    shut: fc.array(name, { maxLength: 5 }),
  });
  test('comes back the same through a real address', () => {
    fc.assert(
      fc.property(view, (v) => {
        const address = new URL(`https://host/runs?${encodeView(v)}`);
        expect(decodeView(address.searchParams)).toEqual(v);
      }),
    );
    expect(encodeView(DEFAULT_VIEW).toString()).toBe('');
    expect(encodeView({ ...DEFAULT_VIEW, cutOutliers: false }).toString()).toBe('outliers=show');
  });
  test('any address gives a valid view', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('q', 'runs', 'hide', 'smooth', 'x', 'cols', 'sort', 'shut'), fc.string())),
        (pairs) => {
          expect(() => encodeView(decodeView(new URLSearchParams(pairs)))).not.toThrow();
        },
      ),
    );
    expect(decodeView(new URLSearchParams('smooth=7&x=sideways&runs=a,2'))).toEqual(DEFAULT_VIEW);
  });
});
