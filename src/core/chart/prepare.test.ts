import { describe, expect, test } from 'vitest';
import { type ChartLine, placeLabels, prepareChart } from './prepare.ts';
import { smooth } from './smoothing.ts';
import { elapsedTicks, wallTicks } from './time-ticks.ts';

const options = {
  axis: 'step',
  log: false,
  cutOutliers: false,
  zoom: null,
  columns: 100,
  xTicks: 5,
  yTicks: 5,
  timeOffset: 0,
} as const;
const line = (key: string, x: number[], values: number[], more: Partial<ChartLine> = {}): ChartLine => ({
  key,
  label: key,
  colour: '--run-1',
  dashed: false,
  x,
  values,
  drawn: values,
  ...more,
});

describe('prepareChart', () => {
  test('draws the raw values behind the smoothed ones, and nothing twice where nothing is smoothed', () => {
    const values = [4, 2, 3, 1];
    const chart = prepareChart(
      [line('a', [1, 2, 3, 4], values, { drawn: smooth(values, 0.5), dashed: true }), line('b', [4], [2])],
      options,
    )!;
    expect(chart.lines.map((l) => [l.key, l.raw, l.dashed])).toEqual([
      ['a', true, false],
      ['a', false, true],
      ['b', false, false],
    ]);
    expect(chart.x).toEqual([1, 2, 3, 4]);
    expect(chart.rows[0]).toEqual(values);
    expect(chart.rows[2]).toEqual([null, null, null, 2]);
    expect(chart.xAxis.labels.at(-1)).toBe('step 4');
  });

  test('the end of a smoothed line is where the line ends, with the value behind it beside', () => {
    const values = [4, 2, 3, 1];
    const drawn = smooth(values, 0.5);
    const { ends } = prepareChart([line('a', [1, 2, 3, 4], values, { drawn }), line('b', [4], [2])], options)!;
    expect(ends.map(({ key, y, raw }) => ({ key, y, raw }))).toEqual([
      { key: 'a', y: drawn[3], raw: 1 },
      { key: 'b', y: 2, raw: null },
    ]);
  });

  test('charts beside each other share how far the axis reaches', () => {
    const chart = prepareChart([line('a', [1, 2], [1, 2]), line('b', [1], [5])], { ...options, reach: 5 })!;
    expect(chart.xAxis.max).toBe(5);
    expect(prepareChart([line('a', [1, 9], [1, 2])], { ...options, reach: 5 })!.xAxis.max).toBe(9);
  });

  test('zooming keeps one point beyond each edge and scales to what is seen', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    const chart = prepareChart(
      [
        line(
          'a',
          x,
          x.map((v) => v * 10),
        ),
      ],
      { ...options, zoom: [20.5, 29.5] },
    )!;
    expect([chart.x[0], chart.x.at(-1)]).toEqual([20, 30]);
    expect([chart.xAxis.min, chart.xAxis.max]).toEqual([20.5, 29.5]);
    expect(chart.yAxis.max).toBe(300);
  });

  test('20 runs of 10,000 points become at most four a pixel column', () => {
    const x = Array.from({ length: 10_000 }, (_, i) => i);
    const lines = Array.from({ length: 20 }, (_, k) =>
      line(
        `${k}`,
        x,
        x.map((v) => Math.sin(v + k) / (v + 1)),
      ),
    );
    const chart = prepareChart(lines, { ...options, columns: 700 })!;
    expect(Math.max(...chart.rows.map((row) => row.filter((v) => v !== null).length))).toBeLessThanOrEqual(2800);
  });

  test('a line that breaks gets its end and its place in words; a log axis leaves zeros out and counts them', () => {
    const chart = prepareChart(
      [
        line('hot', [1, 2, 3], [2, 5, Number.NaN], { whereOf: (i) => `step ${i + 1}` }),
        line('z', [1, 2, 3], [0, 1, 10]),
      ],
      { ...options, log: true },
    )!;
    expect(chart.broken).toEqual([{ key: 'hot', label: 'hot', colour: '--run-1', x: 2, y: 5, where: 'NaN at step 3' }]);
    expect(chart.outside).toMatchObject([{ key: 'z', notAbove0: 1 }]);
    expect(chart.rows[1]).toEqual([null, 1, 10]);
  });

  test('nothing to draw is null', () => {
    expect(prepareChart([line('a', [], [])], options)).toBeNull();
    expect(prepareChart([line('a', [1], [-1])], { ...options, log: true })).toBeNull();
  });

  test('outliers are cut only when asked, and the points that are left out are told', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    const values = x.map((v) => (v === 0 ? 80 : 0.1 + v / 100));
    const whole = prepareChart([line('a', x, values)], options)!;
    expect([whole.yAxis.max, whole.outside]).toEqual([80, []]);
    const cut = prepareChart([line('a', x, values)], { ...options, cutOutliers: true })!;
    expect(cut.yAxis.max).toBeLessThan(2);
    expect(cut.outside).toMatchObject([{ key: 'a', above: 1, below: 0 }]);
  });

  test('the values behind a smoothed line are in the picture', () => {
    const values = [1, 9, 1, 1];
    const chart = prepareChart([line('a', [1, 2, 3, 4], values, { drawn: smooth(values, 0.9) })], options)!;
    expect(chart.yAxis.max).toBeGreaterThanOrEqual(9);
    expect(chart.outside).toEqual([]);
  });
});

test('labels at line ends never overlap, stay by their line and above the bottom', () => {
  const tops = (from: number[], height = 200) =>
    placeLabels(
      from.map((top) => ({ top })),
      14,
      height,
    ).map((l) => l.top);
  expect(tops([50, 52, 10])).toEqual([10, 50, 64]);
  expect(tops([198, 199])).toEqual([186, 200]);
  expect(tops([50, 50, 50, 50])).toEqual([50, 64]);
});

test('time ticks are round', () => {
  expect(elapsedTicks(0, 190, 5).labels).toEqual(['0', '1', '2', '3 min']);
  expect(elapsedTicks(0, 40, 5).labels).toEqual(['0', '10', '20', '30', '40 s']);
  const at = Date.UTC(2026, 10, 22, 13, 50) / 1000;
  expect(wallTicks(at, at + 7200, 5, 3600).labels).toEqual(['15:00', '15:30', '16:00', '16:30']);
});
