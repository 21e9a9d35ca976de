import { powerPreview } from '#core/metric/power.ts';
import { axisOf, IntervalRow, IntervalTicks } from './interval-axis.tsx';
import { bare, items, type Metric, range } from './words.ts';

/** What n items can prove, drawn beside a fifth and four times as many, and the smallest difference worth a claim in words. */
export function PowerDrawing({
  n,
  kind,
  metric,
  expected,
  unit,
}: {
  n: number;
  kind: 'image' | 'row';
  metric: Metric;
  expected: number;
  unit: string;
}) {
  const task = metric === 'accuracy' ? 'classification' : 'regression';
  const sizes = [...new Set([Math.max(2, Math.round(n / 5)), n, 4 * n])].sort((a, b) => a - b);
  const rows = sizes.map((size) => powerPreview(size, task, expected));
  const scale = axisOf(
    metric,
    rows.flatMap((row) => [row.interval.low, row.interval.high]),
  );
  const own = powerPreview(n, task, expected).interval;
  const half = (own.high - own.low) / 2;
  return (
    <>
      <div className="ivs">
        {rows.map((row) => (
          <div className="ivr" key={row.n}>
            <span className={row.n === n ? 'you' : ''}>
              {items(row.n, kind)}
              {row.n === n ? ', yours' : ''}
            </span>
            <IntervalRow
              scale={scale}
              metric={metric}
              interval={row.interval}
              marks={[{ shape: 'ring', value: expected }]}
              strong={row.n === n}
            />
            <span className={row.n === n ? 'you nowrap' : 'two nowrap'}>{range(metric, row.interval, unit)}</span>
          </div>
        ))}
        <span />
        <IntervalTicks scale={scale} unit={metric === 'accuracy' ? '%' : unit} />
        <span />
      </div>
      <p>
        {metric === 'accuracy'
          ? `A model that differs from yours by less than about ${bare(metric, half)} points can’t be told from it on ${items(n, kind)}: the difference drowns in the luck of which ones were drawn.`
          : `A model whose error differs from yours by less than about ${bare(metric, half, own.high - own.low)}${unit === 'pixels' ? ' pixels' : ''} can’t be told from it on ${items(n, kind)}. This preview takes errors to be normal; the interval of the result itself is bootstrapped and does not.`}
      </p>
    </>
  );
}
