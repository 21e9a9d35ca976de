'use client';

import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { outsideWords } from '#core/chart/outside.ts';
import { type ChartLine, type Gap, type PreparedChart, prepareChart } from '#core/chart/prepare.ts';
import type { Range } from '#core/chart/range.ts';
import type { XAxis } from '#core/chart/series.ts';
import { ChartTable } from './chart-table.tsx';
import type { Margins, Mark } from './draw.ts';
import { Plot } from './plot.tsx';
import { useThemeVersion } from './use-theme-colours.ts';
import { useWidth } from './use-width.ts';

export interface LineChartProps {
  title: ReactNode;
  /** said to screen readers, and the figure's name */
  name: string;
  about?: ReactNode;
  /** at the right above the chart */
  actions?: ReactNode;
  lines: readonly ChartLine[];
  axis: XAxis;
  log?: boolean;
  cutOutliers?: boolean;
  onShowAll?: () => void;
  /** see ChartOptions */
  reach?: number | undefined;
  yRange?: Range | undefined;
  /** why there will be no points, where there are none; null while some may come */
  whyNone?: string | null;
  zoom: readonly [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
  height: number;
  /** charts of one key share the cursor */
  syncKey?: string;
  /** names at the ends of lines, up to seven */
  endLabels?: boolean;
  /** beside the names, also where nothing is smoothed: charts above each other end at one place */
  roomForRaw?: boolean;
  mark?: (Mark & { label: ReactNode; stopLabel?: ReactNode }) | null;
  /** shaded between two curves */
  gap?: Gap | null;
  /** key of the line that stands out while something else points at it */
  emphasis?: string | null;
  /** "step 1,210, epoch 22" of a position */
  describeX: (x: number) => string;
  small?: boolean;
}

/** Pixels of "raw 0.1234" at the end of a label. */
const RAW_WIDTH = 60;

/** Curves over steps, epochs or time. Drag to zoom, double click to see everything; arrow keys move the cursor; the table has the same numbers. */
export function LineChart(props: LineChartProps) {
  const {
    lines,
    axis,
    log = false,
    cutOutliers = false,
    zoom,
    reach,
    yRange,
    height,
    endLabels = false,
    roomForRaw = false,
    small = false,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const theme = useThemeVersion();
  const captionId = useId();
  const [asTable, setAsTable] = useState(false);
  const named = endLabels && width > 560 && lines.length <= 7;
  const margins: Margins = useMemo(() => {
    const widest = lines.reduce((most, l) => Math.max(most, l.label.length), 0);
    return {
      left: 44,
      right: named ? Math.min(150, 56 + widest * 6) + (roomForRaw ? RAW_WIDTH : 0) : 32,
      top: 6,
      bottom: 24,
    };
  }, [named, roomForRaw, lines]);

  const chart = useMemo(
    () =>
      prepareChart(lines, {
        axis,
        log,
        cutOutliers,
        zoom,
        ...(reach !== undefined && { reach }),
        ...(yRange && { yRange }),
        columns: Math.max(60, width - 60),
        xTicks: Math.max(3, Math.min(6, Math.floor(width / 90))),
        yTicks: height < 120 ? 2 : 5,
        timeOffset: -new Date().getTimezoneOffset() * 60,
      }),
    [lines, axis, log, cutOutliers, zoom, reach, yRange, width, height],
  );

  return (
    <figure className={small ? 'chart small-chart' : 'chart'} aria-labelledby={captionId}>
      <figcaption>
        <b id={captionId}>{props.title}</b>
        {props.about && <span className="two">{props.about}</span>}
        <span className="end">
          {chart && !log && chart.yAxis.min > 0 && !small && (
            <span className="hide-s">vertical axis starts at {chart.yAxis.labels[0]}</span>
          )}
          {zoom && (
            <button type="button" className="link tiny" onClick={() => props.onZoom(null)}>
              Show all
            </button>
          )}
          {!small && chart && (
            <button type="button" className="link tiny" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? 'Chart' : 'Table'}
              <span className="vh"> of {props.name}</span>
            </button>
          )}
          {props.actions}
        </span>
      </figcaption>
      <div ref={host}>
        {!chart ? (
          <p className="plot-empty three small" style={{ height }}>
            {emptyWords(props)}
          </p>
        ) : asTable ? (
          <ChartTable name={props.name} lines={lines} axis={axis} describeX={props.describeX} height={height} />
        ) : width > 0 ? (
          <Plot {...props} chart={chart} width={width} theme={theme} margins={margins} named={named} />
        ) : (
          <div style={{ height }} />
        )}
      </div>
      {chart && chart.outside.length > 0 && (
        <Outside chart={chart} lines={lines.length} onShowAll={cutOutliers ? props.onShowAll : undefined} />
      )}
    </figure>
  );
}

function emptyWords({ lines, zoom, whyNone, log }: LineChartProps): string {
  if (lines.length === 0) return 'Nothing chosen to draw.';
  if (zoom) return 'No points in this part.';
  return whyNone ?? (log ? 'No value above zero yet.' : 'No points yet.');
}

/** What the picture leaves out is said below it, never hidden. */
function Outside({
  chart,
  lines,
  onShowAll,
}: {
  chart: PreparedChart;
  lines: number;
  onShowAll?: (() => void) | undefined;
}) {
  const { labels } = chart.yAxis;
  // What a log axis has no place for stays out.
  const shown = chart.outside.reduce((n, { above, below }) => n + above + below, 0);
  return (
    <p className="outside">
      {outsideWords(chart.outside, lines, labels[0] ?? '', labels.at(-1) ?? '')}{' '}
      {onShowAll && shown > 0 && (
        <button type="button" className="link tiny" onClick={onShowAll}>
          Show {shown === 1 ? 'it' : 'them'}
        </button>
      )}
    </p>
  );
}
