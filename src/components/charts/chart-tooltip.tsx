import type { CSSProperties } from 'react';
import type { ChartLine } from '#core/chart/prepare.ts';
import type { TooltipRow } from '#core/chart/tooltip.ts';
import { metricValue } from '#core/format/numbers.ts';

export interface TooltipState {
  left: number;
  title: string;
  rows: TooltipRow[];
  more: number;
}

/** Position, then one row a line from high to low; beside the cursor, never on the line under it. Below the chart on a phone. */
export function ChartTooltip({
  state,
  lines,
  name,
  width,
  smoothed,
  describeX,
}: {
  state: TooltipState;
  lines: readonly ChartLine[];
  name: string;
  width: number;
  smoothed: boolean;
  describeX: (x: number) => string;
}) {
  const byKey = new Map(lines.map((line) => [line.key, line]));
  const flip = state.left > width * 0.6;
  return (
    <div
      className={flip ? 'tip flip' : 'tip'}
      style={{ '--left': `${state.left + (flip ? -14 : 14)}px` } as CSSProperties}
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
              <th>Run</th>
              <th className="n">Smoothed</th>
              <th className="n">Value</th>
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
                {smoothed && <td className="n">{metricValue(name, row.drawn)}</td>}
                <td className="n">{metricValue(name, row.value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {state.more > 0 && <p className="three">and {state.more} more</p>}
    </div>
  );
}
