import type { ChartLine } from '#core/chart/prepare.ts';
import { nearest, type XAxis } from '#core/chart/series.ts';
import { metricValue } from '#core/format/numbers.ts';
import { TableRegion } from '../ui/index.ts';

const ROWS = 50;

/** The same numbers as the chart, at up to 50 places of its longest line: for those who can't see or point at it. */
export function ChartTable({
  name,
  lines,
  axis,
  describeX,
  height,
}: {
  name: string;
  lines: readonly ChartLine[];
  axis: XAxis;
  describeX: (x: number) => string;
  height: number;
}) {
  const longest = lines.reduce<readonly number[]>((a, l) => (l.x.length > a.length ? l.x : a), []);
  const every = Math.max(1, Math.ceil(longest.length / ROWS));
  const places = longest.filter((_, i) => i % every === 0 || i === longest.length - 1);
  return (
    <div style={{ maxHeight: Math.max(height, 160), overflow: 'auto' }}>
      <TableRegion label={`Values of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{axis === 'step' || axis === 'epoch' ? 'Step' : 'Time'}</th>
              {lines.map((line) => (
                <th key={line.key} scope="col" className="n">
                  {line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((x) => (
              <tr key={x}>
                <th scope="row">{describeX(x)}</th>
                {lines.map((line) => {
                  const at = nearest(line.x, x);
                  const here =
                    at >= 0 && Math.abs(line.x[at]! - x) <= every * ((longest[1] ?? 0) - (longest[0] ?? 0) || 1);
                  return (
                    <td key={line.key} className="n">
                      {here ? metricValue(name, line.values[at]) : ''}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </div>
  );
}
