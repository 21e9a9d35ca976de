import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { type ChartLine, isSmoothed } from '#core/chart/prepare.ts';
import { shiftIntoWindow, TOOLTIP_AWAY, type TooltipRow } from '#core/chart/tooltip.ts';
import { metricValue } from '#core/format/numbers.ts';

export interface TooltipState {
  left: number;
  title: string;
  rows: TooltipRow[];
  more: number;
}

/** Position, then one row a line from high to low; beside the cursor, never on the line under it. Below the chart on a phone. Always inside the window. */
export function ChartTooltip({
  state,
  lines,
  name,
  width,
  describeX,
}: {
  state: TooltipState;
  lines: readonly ChartLine[];
  name: string;
  width: number;
  describeX: (x: number) => string;
}) {
  const byKey = new Map(lines.map((line) => [line.key, line]));
  const smoothed = lines.some(isSmoothed);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { style } = box.current!;
    style.translate = '';
    const { x, y } = shiftIntoWindow(box.current!.getBoundingClientRect(), window);
    style.translate = `${x}px ${y}px`;
  });
  const flip = state.left > width * 0.6;
  return (
    <div
      ref={box}
      className={flip ? 'tip flip' : 'tip'}
      style={{ '--left': `${state.left + (flip ? -TOOLTIP_AWAY : TOOLTIP_AWAY)}px` } as CSSProperties}
      role="status"
    >
      <p>{state.title}</p>
      <table>
        {smoothed && (
          <thead>
            <tr>
              <th>
                <span className="vh">Colour</span>
              </th>
              <th>
                <span className="vh">Line</span>
              </th>
              <th className="n">Smoothed</th>
              <th className="n">Raw</th>
            </tr>
          </thead>
        )}
        <tbody>
          {state.rows.map((row) => {
            const line = byKey.get(row.key);
            if (!line) return null;
            return (
              <tr key={row.key} className={row.near ? 'near' : undefined}>
                <td>
                  <span className="sw" style={{ background: `var(${line.colour})` }} />
                </td>
                <td>
                  {line.label}
                  {row.ended && <span className="three"> at {describeX(row.x)}</span>}
                </td>
                {smoothed && <td className="n">{isSmoothed(line) && metricValue(name, row.drawn)}</td>}
                <td className={isSmoothed(line) ? 'n two' : 'n'}>{metricValue(name, row.value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {state.more > 0 && <p className="three">and {state.more} more</p>}
    </div>
  );
}
