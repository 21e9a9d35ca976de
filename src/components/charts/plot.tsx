'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { type ChartLine, isSmoothed, type PreparedChart, placeLabels } from '#core/chart/prepare.ts';
import { rowsAround, tooltipRows } from '#core/chart/tooltip.ts';
import { metricValue } from '#core/format/numbers.ts';
import { ChartTooltip, type TooltipState } from './chart-tooltip.tsx';
import type { Margins } from './draw.ts';
import type { LineChartProps } from './line-chart.tsx';
import { usePlot } from './use-plot.ts';

const LABEL_GAP = 14;
/** Above this a tooltip would hide what it explains. */
const TOOLTIP_ROWS = 12;

export interface PlotProps extends LineChartProps {
  chart: PreparedChart;
  width: number;
  theme: number;
  margins: Margins;
  named: boolean;
}

interface Placed {
  key: string;
  text: string;
  value: string;
  raw: string | null;
  left: number;
  top: number;
}

export function Plot({
  chart,
  lines,
  width,
  height,
  theme,
  margins,
  named,
  log = false,
  zoom,
  onZoom,
  syncKey,
  mark,
  gap,
  emphasis = null,
  name,
  describeX,
  small,
}: PlotProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [tip, setTip] = useState<TooltipState | null>(null);
  const [labels, setLabels] = useState<Placed[]>([]);
  const [markAt, setMarkAt] = useState<{ left: number; low: boolean; stop: number | null } | null>(null);
  const hovered = useRef(false);

  usePlot(canvas, {
    chart,
    log,
    width,
    height,
    margins,
    mark: mark ?? null,
    gap: gap ?? null,
    // A line that this chart does not have leaves the others as they are.
    emphasis: lines.some((line) => line.key === emphasis) ? emphasis : null,
    syncKey,
    theme,
    onZoom,
    onDraw: (u) => {
      plot.current = u;
      const top = (y: number) => u.valToPos(y, 'y') + margins.top;
      const left = (x: number) => u.valToPos(x, 'x') + margins.left;
      const next = named
        ? placeLabels(
            chart.ends.map((e) => ({
              key: e.key,
              text: e.label,
              value: metricValue(name, e.y),
              raw: e.raw === null ? null : metricValue(name, e.raw),
              left: left(e.x) + 6,
              top: top(e.y),
            })),
            LABEL_GAP,
            height - margins.bottom,
          )
        : [];
      setLabels((old) => (same(old, next) ? old : next));
      // The words stand where the curve is not.
      const ring = mark?.points[0];
      const at =
        mark && mark.x >= chart.xAxis.min && mark.x <= chart.xAxis.max
          ? {
              left: left(mark.x),
              low: ring !== undefined && top(ring.y) < height / 2,
              stop: mark.stop === undefined || mark.stop > chart.xAxis.max ? null : left(mark.stop),
            }
          : null;
      setMarkAt((old) => (old?.left === at?.left && old?.low === at?.low && old?.stop === at?.stop ? old : at));
    },
    onCursor: (u) => {
      if (!hovered.current) return;
      const left = u.cursor.left ?? -1;
      if (left < 0) return setTip(null);
      show(u, u.posToVal(left, 'x'), u.posToVal(u.cursor.top ?? 0, 'y'));
    },
  });

  function show(u: uPlot, x: number, y: number | null) {
    const rows = tooltipRows(
      lines.map((l) => ({ key: l.key, x: l.x, drawn: l.drawn, values: l.values })),
      x,
      y,
      log,
    );
    const first = rows.find((r) => !r.ended) ?? rows[0];
    setTip(
      first
        ? {
            left: u.valToPos(x, 'x') + margins.left,
            title: describeX(first.x),
            rows: rowsAround(rows, TOOLTIP_ROWS),
            more: Math.max(0, rows.length - TOOLTIP_ROWS),
          }
        : null,
    );
  }

  /** Arrow keys walk the points of the longest line; Home and End go to its ends; Escape lets go. */
  function onKeyDown(event: KeyboardEvent) {
    const u = plot.current;
    const longest = lines.reduce((a, b) => (b.x.length > a.x.length ? b : a), lines[0]!);
    if (!u || longest.x.length === 0) return;
    if (event.key === 'Escape') return zoom ? onZoom(null) : setTip(null);
    const visible = longest.x.filter((x) => x >= chart.xAxis.min && x <= chart.xAxis.max);
    const jump = Math.max(1, Math.round(visible.length / 100));
    const now = tip
      ? visible.findIndex((x) => u.valToPos(x, 'x') + margins.left >= tip.left - 0.01)
      : visible.length - 1 - jump;
    const moves: Record<string, number> = {
      ArrowLeft: now - jump,
      ArrowRight: now + jump,
      Home: 0,
      End: visible.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined || visible.length === 0) return;
    event.preventDefault();
    const x = visible[Math.max(0, Math.min(visible.length - 1, to))]!;
    u.setCursor({ left: u.valToPos(x, 'x'), top: u.bbox.height / 2 / devicePixelRatio }, false);
    show(u, x, null);
  }

  return (
    <section
      className="plot"
      style={{ height }}
      aria-label={`${name}, ${summary(lines, name)} Arrow keys read the points.`}
      tabIndex={small ? undefined : 0}
      onKeyDown={small ? undefined : onKeyDown}
      onPointerEnter={() => {
        hovered.current = true;
      }}
      onPointerLeave={() => {
        hovered.current = false;
        setTip(null);
      }}
      onBlur={() => setTip(null)}
    >
      <div ref={canvas} />
      {mark && markAt !== null && (
        <span
          className={markAt.left > width * 0.66 ? 'note r' : 'note'}
          style={{
            left: markAt.left + (markAt.left > width * 0.66 ? -6 : 6),
            ...(markAt.low ? { bottom: margins.bottom + 8 } : { top: 0 }),
          }}
        >
          {mark.label}
        </span>
      )}
      {mark?.stopLabel && typeof markAt?.stop === 'number' && (
        <span className="note r" style={{ left: markAt.stop - 6, bottom: margins.bottom + (markAt.low ? 44 : 8) }}>
          {mark.stopLabel}
        </span>
      )}
      {labels.map((label) => (
        <span key={label.key} className="note m bare" style={{ left: label.left, top: label.top }} aria-hidden>
          <b>{label.value}</b> {label.text}
          {label.raw !== null && <span className="three"> raw {label.raw}</span>}
        </span>
      ))}
      {tip && <ChartTooltip state={tip} lines={lines} name={name} width={width} describeX={describeX} />}
      {chart.broken.length > 0 && !small && (
        <span className="broken small">
          {chart.broken.map((end) => (
            <span key={end.key}>
              <b style={{ color: `var(${end.colour})` }} aria-hidden>
                ✕
              </b>{' '}
              {end.label}: <b>{end.where}</b>
            </span>
          ))}
        </span>
      )}
    </section>
  );
}

function same(a: readonly Placed[], b: readonly Placed[]): boolean {
  return (
    a.length === b.length &&
    a.every((l, i) => {
      const other = b[i]!;
      return (
        l.key === other.key &&
        l.top === other.top &&
        l.left === other.left &&
        l.value === other.value &&
        l.raw === other.raw
      );
    })
  );
}

/** What a screen reader hears in place of the picture. */
function summary(lines: readonly ChartLine[], name: string): string {
  const parts = lines.slice(0, 4).flatMap((l) => {
    const finite = l.drawn.filter(Number.isFinite);
    if (finite.length === 0) return [];
    return [
      `${l.label}${isSmoothed(l) ? ', smoothed,' : ''} from ${metricValue(name, finite[0]!)} to ${metricValue(name, finite.at(-1)!)}`,
    ];
  });
  if (lines.length > 4) parts.push(`and ${lines.length - 4} more lines`);
  return parts.length ? `${parts.join('; ')}.` : 'no points yet.';
}
