import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ChartLine } from '#core/chart/prepare.ts';
import { tooltipRows } from '#core/chart/tooltip.ts';
import { ChartTooltip } from './chart-tooltip.tsx';

const measured = { colour: '--run-1', dashed: false, x: [1, 2], values: [0.4, 0.1] };
const train: ChartLine = { ...measured, key: 'train', label: 'train', drawn: [0.4, 0.3] };
const validation: ChartLine = { ...measured, key: 'validation', label: 'validation', drawn: measured.values };
const cells = (lines: ChartLine[]) => {
  const state = { left: 0, title: 'step 2', rows: tooltipRows(lines, 2, null), more: 0 };
  const html = renderToStaticMarkup(
    <ChartTooltip state={state} lines={lines} name="loss" width={600} describeX={String} />,
  );
  return [...html.matchAll(/<t([hd]) class="n[^"]*">(.*?)<\/t\1>/g)].map((m) => m[2]);
};

test('smoothed and raw values stand beside each other under their names; what is not smoothed is raw', () => {
  expect(cells([train, validation])).toEqual(['Smoothed', 'Raw', '0.300', '0.100', '', '0.100']);
  expect(cells([validation])).toEqual(['0.100']);
});
