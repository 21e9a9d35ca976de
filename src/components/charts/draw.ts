import uPlot from 'uplot';
import type { Gap, PreparedChart, PreparedLine } from '#core/chart/prepare.ts';

/** Turns a prepared chart into uPlot's options and marks. Decides nothing: see #core/chart/prepare.ts. */

export interface Mark {
  /** position on the horizontal axis */
  x: number;
  /** rings on the curves */
  points: readonly { colour: string; y: number }[];
  /** where early stopping ended it */
  stop?: number;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface DrawRefs {
  chart: () => PreparedChart;
  emphasis: () => string | null;
  mark: () => Mark | null;
  gap: () => Gap | null;
  colour: (variable: string) => string;
  onZoom: (range: [number, number] | null) => void;
  onDraw: (u: uPlot) => void;
  onCursor: (u: uPlot) => void;
}

const RAW_OPACITY = 0.25;
const DASH = [5, 3];
/** Of the lines beside the one that is pointed at. */
const BACK_OPACITY = 0.2;
const GAP_OPACITY = 0.16;

export function plotOptions(
  size: { width: number; height: number },
  log: boolean,
  syncKey: string | undefined,
  margins: Margins,
  refs: DrawRefs,
): uPlot.Options {
  const { chart, colour } = refs;
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colour('--ink-3'), font, ticks: { show: false }, border: { show: false } };
  return {
    ...size,
    padding: [margins.top, margins.right, 0, 0],
    legend: { show: false },
    focus: { alpha: 1 },
    cursor: {
      x: true,
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      ...(syncKey && { sync: { key: syncKey, scales: ['x', null] as [string, null], setSeries: false } }),
      bind: {
        dblclick: () => () => {
          refs.onZoom(null);
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [chart().xAxis.min, chart().xAxis.max] },
      y: { distr: log ? 3 : 1, range: () => [chart().yAxis.min, chart().yAxis.max] },
    },
    axes: [
      {
        ...axis,
        size: margins.bottom,
        gap: 6,
        grid: { show: false },
        splits: () => chart().xAxis.ticks,
        values: () => chart().xAxis.labels,
      },
      {
        ...axis,
        size: margins.left,
        gap: 6,
        grid: { stroke: colour('--line'), width: 1 },
        // Without a distance between ticks that fits it draws no axis: its own end at 1e32, and of ours it takes those from 5 on.
        incrs: () => [Math.max(5, chart().yAxis.max - chart().yAxis.min)],
        splits: () => chart().yAxis.ticks,
        filter: (_u, splits) => splits,
        values: () => chart().yAxis.labels,
      },
    ],
    series: [
      {},
      ...chart().lines.map((line): uPlot.Series => {
        const stroke = colour(line.colour);
        return {
          stroke,
          ...lineLook(line, refs.emphasis()),
          ...(line.dashed && { dash: DASH }),
          cap: line.dashed ? 'butt' : 'round',
          spanGaps: true,
          // A lone point has no line; it must still be seen.
          points: { show: (u, i) => pointsOf(u, i) === 1, size: 5, fill: stroke, stroke },
        };
      }),
    ],
    hooks: {
      // Under the curves.
      drawAxes: [(u) => drawGap(u, refs)],
      draw: [
        (u) => {
          drawBaseline(u, colour('--line-strong'));
          const mark = refs.mark();
          if (mark) drawMark(u, mark, refs);
          drawBroken(u, refs);
          refs.onDraw(u);
        },
      ],
      setCursor: [refs.onCursor],
      setSelect: [
        (u) => {
          if (u.select.width < 4) return;
          const at = (left: number) => u.posToVal(left, 'x');
          refs.onZoom([at(u.select.left), at(u.select.left + u.select.width)]);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** With a line to emphasise the others step back. */
export function lineLook(line: PreparedLine, emphasis: string | null): { alpha: number; width: number } {
  const width = line.raw ? 1 : line.strong ? 2.5 : line.dashed ? 1.5 : 1.75;
  const alpha = line.raw ? RAW_OPACITY : 1;
  if (emphasis === null) return { alpha, width };
  return line.key === emphasis ? { alpha, width: width + 1 } : { alpha: alpha * BACK_OPACITY, width };
}

function pointsOf(u: uPlot, series: number): number {
  let points = 0;
  for (const v of u.data[series] ?? []) if (v != null && ++points > 1) break;
  return points;
}

function inside(u: uPlot, draw: (ctx: CanvasRenderingContext2D, ratio: number) => void): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.beginPath();
  // Rings and crosses on the edge are drawn whole.
  const room = 8 * uPlot.pxRatio;
  ctx.rect(left - room, top - room, width + 2 * room, height + 2 * room);
  ctx.clip();
  draw(ctx, uPlot.pxRatio);
  ctx.restore();
}

function drawBaseline(u: uPlot, stroke: string): void {
  inside(u, (ctx, ratio) => {
    const y = u.bbox.top + u.bbox.height + 0.5 * ratio;
    line(ctx, stroke, ratio, [u.bbox.left, y], [u.bbox.left + u.bbox.width, y]);
  });
}

function drawGap(u: uPlot, { gap, colour }: DrawRefs): void {
  const area = gap();
  if (!area) return;
  inside(u, (ctx) => {
    const y = (value: number) => {
      const { min = value, max = value } = u.scales['y']!;
      return u.valToPos(Math.min(Math.max(value, min), max), 'y', true);
    };
    ctx.beginPath();
    for (const [i, x] of area.x.entries()) ctx.lineTo(u.valToPos(x, 'x', true), y(area.to[i]!));
    for (let i = area.x.length - 1; i >= 0; i--) ctx.lineTo(u.valToPos(area.x[i]!, 'x', true), y(area.from[i]!));
    ctx.closePath();
    ctx.globalAlpha = GAP_OPACITY;
    ctx.fillStyle = colour('--warn-fill');
    ctx.fill();
  });
}

function drawMark(u: uPlot, mark: Mark, { colour, chart }: DrawRefs): void {
  const { min, max } = chart().xAxis;
  const { stop } = mark;
  if (stop !== undefined && stop >= min && stop <= max)
    inside(u, (ctx, ratio) => {
      const x = u.valToPos(stop, 'x', true);
      line(ctx, colour('--ink-3'), ratio, [x, u.bbox.top], [x, u.bbox.top + u.bbox.height], [2, 3]);
    });
  if (mark.x < min || mark.x > max) return;
  inside(u, (ctx, ratio) => {
    const x = u.valToPos(mark.x, 'x', true);
    line(ctx, colour('--ink-2'), ratio, [x, u.bbox.top], [x, u.bbox.top + u.bbox.height]);
    for (const point of mark.points) {
      if (point.y < chart().yAxis.min || point.y > chart().yAxis.max) continue;
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.arc(x, u.valToPos(point.y, 'y', true), 4 * ratio, 0, 2 * Math.PI);
      ctx.fillStyle = colour('--bg');
      ctx.fill();
      ctx.lineWidth = 2 * ratio;
      ctx.strokeStyle = colour(point.colour);
      ctx.stroke();
    }
  });
}

function drawBroken(u: uPlot, { colour, chart }: DrawRefs): void {
  inside(u, (ctx, ratio) => {
    for (const end of chart().broken) {
      if (end.x < chart().xAxis.min || end.x > chart().xAxis.max) continue;
      const x = u.valToPos(end.x, 'x', true);
      const y = u.valToPos(Math.min(Math.max(end.y, chart().yAxis.min), chart().yAxis.max), 'y', true);
      const arm = 4.5 * ratio;
      line(ctx, colour(end.colour), 2.2 * ratio, [x - arm, y - arm], [x + arm, y + arm]);
      line(ctx, colour(end.colour), 2.2 * ratio, [x - arm, y + arm], [x + arm, y - arm]);
    }
  });
}

function line(
  ctx: CanvasRenderingContext2D,
  stroke: string,
  width: number,
  from: [number, number],
  to: [number, number],
  dash: number[] = [],
): void {
  // uPlot leaves the dashes of the last series behind.
  ctx.setLineDash(dash.map((part) => part * uPlot.pxRatio));
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.stroke();
}
