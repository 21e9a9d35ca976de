'use client';

import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Gap, PreparedChart } from '#core/chart/prepare.ts';
import { lineLook, type Margins, type Mark, plotOptions } from './draw.ts';
import { resolveColours } from './use-theme-colours.ts';

export interface PlotInput {
  chart: PreparedChart;
  log: boolean;
  width: number;
  height: number;
  margins: Margins;
  mark: Mark | null;
  gap: Gap | null;
  /** key of the line that stands out */
  emphasis: string | null;
  syncKey: string | undefined;
  theme: number;
  onZoom: (range: [number, number] | null) => void;
  onDraw: (u: uPlot) => void;
  onCursor: (u: uPlot) => void;
}

/**
 * Keeps one uPlot in `host`. New points only set its data; it is built anew when its lines, their looks, the kind of scale or the theme change.
 */
export function usePlot(host: RefObject<HTMLElement | null>, input: PlotInput): void {
  const latest = useRef(input);
  latest.current = input;
  const plot = useRef<uPlot | null>(null);
  const { chart, log, width, height, syncKey, theme, mark, gap, emphasis, margins } = input;
  const looks = chart.lines.map((l) => `${l.key}${l.colour}${l.dashed}${l.raw}${l.strong}`).join('|');
  const frame = `${margins.left},${margins.right},${margins.top},${margins.bottom}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the things that uPlot can't change after it is built
  useEffect(() => {
    const element = host.current;
    if (!element || width < 40) return;
    const now = () => latest.current;
    const variables = new Set([
      '--line',
      '--line-strong',
      '--ink-2',
      '--ink-3',
      '--bg',
      '--warn-fill',
      ...now().chart.lines.map((l) => l.colour),
    ]);
    const colours = resolveColours(element, variables);
    const options = plotOptions({ width: now().width, height: now().height }, log, syncKey, now().margins, {
      chart: () => now().chart,
      mark: () => now().mark,
      gap: () => now().gap,
      emphasis: () => now().emphasis,
      colour: (variable) => colours.get(variable) ?? '#888',
      onZoom: (range) => now().onZoom(range),
      onDraw: (u) => now().onDraw(u),
      onCursor: (u) => now().onCursor(u),
    });
    const u = new uPlot(options, dataOf(now().chart), element);
    // The figure around it has the words; the canvas alone would be read as an empty picture.
    u.root.setAttribute('aria-hidden', 'true');
    plot.current = u;
    return () => {
      plot.current = null;
      u.destroy();
    };
  }, [looks, log, syncKey, theme, frame, width < 40]);

  useEffect(() => {
    plot.current?.setData(dataOf(chart));
  }, [chart]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new mark or shade only draws again
  useEffect(() => {
    plot.current?.redraw(false);
  }, [mark, gap]);

  useEffect(() => {
    const u = plot.current;
    if (!u) return;
    for (const [i, line] of latest.current.chart.lines.entries())
      Object.assign(u.series[i + 1]!, lineLook(line, emphasis));
    u.redraw(false);
  }, [emphasis]);

  useEffect(() => {
    if (plot.current && width >= 40) plot.current.setSize({ width, height });
  }, [width, height]);
}

function dataOf(chart: PreparedChart): uPlot.AlignedData {
  return [chart.x, ...chart.rows];
}
