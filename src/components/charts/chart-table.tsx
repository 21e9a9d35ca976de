import { type ChartLine, isSmoothed } from '#core/chart/prepare.ts';
import { lastUpTo, type XAxis } from '#core/chart/series.ts';
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
  const end = Math.max(...lines.map((line) => line.x.at(-1) ?? Number.NEGATIVE_INFINITY));
  const places = longest.filter((x, i) => i % every === 0 && x < end);
  if (longest.length > 0) places.push(end);
  const columns = lines.flatMap(columnsOf);
  return (
    <div style={{ maxHeight: Math.max(height, 160), overflow: 'auto' }}>
      <TableRegion label={`Values of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{axis === 'step' || axis === 'epoch' ? 'Step' : 'Time'}</th>
              {columns.map(({ line, key, kind }) => (
                <th key={key} scope="col" className="n">
                  {kind ? `${line.label}, ${kind}` : line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((x, row) => (
              <tr key={x}>
                <th scope="row">{describeX(x)}</th>
                {columns.map(({ line, key, values }) => {
                  // What was measured since the place before, so that nothing stands where it was not known yet, or twice.
                  const at = lastUpTo(line.x, x);
                  const here = at >= 0 && (row === 0 || line.x[at]! > places[row - 1]!);
                  return (
                    <td key={key} className="n">
                      {here ? metricValue(name, values[at]) : ''}
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

/** A smoothed line has two: what is drawn, and what was measured. */
function columnsOf(line: ChartLine) {
  const raw = { line, key: line.key, kind: '', values: line.values };
  return isSmoothed(line)
    ? [
        { line, key: `${line.key} smoothed`, kind: 'smoothed', values: line.drawn },
        { ...raw, kind: 'raw' },
      ]
    : [raw];
}
