import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ChartLine } from '#core/chart/prepare.ts';
import { ChartTable } from './chart-table.tsx';

const line = (key: string, x: number[], drawn?: number[]): ChartLine => {
  const values = x.map((v) => v / 10);
  return { key, label: key, colour: '--run-1', dashed: false, x, values, drawn: drawn ?? values };
};

test('the table has the values of the chart at its places, the last one included, and gaps where a line has no point', () => {
  const long = Array.from({ length: 120 }, (_, i) => i + 1);
  const html = renderToStaticMarkup(
    <ChartTable
      name="loss"
      lines={[line('a', long), line('b', [1, 2, 3])]}
      axis="step"
      describeX={(x) => `step ${x}`}
      height={200}
    />,
  );
  const rows = [
    ...html.matchAll(/<tr><th scope="row">(.*?)<\/th><td class="n">(.*?)<\/td><td class="n">(.*?)<\/td>/g),
  ].map((m) => m.slice(1));
  expect(rows.length).toBeLessThanOrEqual(51);
  expect(rows[0]).toEqual(['step 1', '0.100', '0.100']);
  expect(rows.at(-1)).toEqual(['step 120', '12.00', '']);
});

test('what is measured at the end of an epoch stands there once, and not before it was known', () => {
  const steps = Array.from({ length: 220 }, (_, i) => i + 1);
  const html = renderToStaticMarkup(
    <ChartTable
      name="loss"
      lines={[line('train', steps), line('validation', [55, 110, 165, 220])]}
      axis="step"
      describeX={(x) => String(x)}
      height={200}
    />,
  );
  const rows = [...html.matchAll(/<tr><th scope="row">(.*?)<\/th><td class="n">.*?<\/td><td class="n">(.*?)<\/td>/g)];
  const shown = rows.flatMap(([, x, value]) => (value ? [[Number(x), value]] : []));
  expect(shown.map(([, value]) => value)).toEqual(['5.500', '11.00', '16.50', '22.00']);
  for (const [x, value] of shown) expect(x).toBeGreaterThanOrEqual(10 * Number(value));
});

test('a smoothed line has a column of what is drawn and one of what was measured, each named', () => {
  const html = renderToStaticMarkup(
    <ChartTable name="loss" lines={[line('a', [1], [0.2])]} axis="step" describeX={(x) => `step ${x}`} height={200} />,
  );
  expect([...html.matchAll(/<th scope="col" class="n">(.*?)<\/th>/g)].map((m) => m[1])).toEqual([
    'a, smoothed',
    'a, raw',
  ]);
  expect(html).toMatch(/<td class="n">0\.200<\/td><td class="n">0\.100<\/td>/);
});
