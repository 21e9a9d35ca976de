import type { ReactNode } from 'react';
import { linearScale, type Scale, tickLabels } from '#core/chart/scale.ts';
import type { Interval } from '#core/metric/interval.ts';
import { cx } from '../ui/index.ts';
import type { Metric } from './words.ts';

/** One horizontal axis for all intervals of a drawing; accuracy never runs past 0 and 100 %. */
export function axisOf(metric: Metric, values: readonly number[]): Scale {
  const shown = metric === 'accuracy' ? values.map((v) => 100 * v) : values;
  const scale = linearScale(Math.min(...shown), Math.max(...shown), 6);
  return metric === 'accuracy' ? { ...scale, min: Math.max(0, scale.min), max: Math.min(100, scale.max) } : scale;
}

function place(scale: Scale, metric: Metric, value: number): string {
  const shown = metric === 'accuracy' ? 100 * value : value;
  return `${(100 * (shown - scale.min)) / (scale.max - scale.min)}%`;
}

export type MarkShape = 'ring' | 'dot' | 'diamond';

/** A row of the drawing: hairlines at the ticks, the interval as a bar with ends, marks on it. Its words stand beside it. */
export function IntervalRow({
  scale,
  metric,
  interval,
  marks,
  strong,
}: {
  scale: Scale;
  metric: Metric;
  interval: Interval | null;
  marks: readonly { shape: MarkShape; value: number }[];
  strong?: boolean;
}) {
  return (
    <div className={cx('ivrow', strong && 'you')} aria-hidden>
      {scale.ticks.map((tick) => (
        <i key={tick} style={{ left: `${(100 * (tick - scale.min)) / (scale.max - scale.min)}%` }} />
      ))}
      {interval && (
        <b
          style={{
            left: place(scale, metric, interval.low),
            right: `calc(100% - ${place(scale, metric, interval.high)})`,
          }}
        />
      )}
      {marks.map((mark) => (
        <em key={mark.shape} className={mark.shape} style={{ left: place(scale, metric, mark.value) }} />
      ))}
    </div>
  );
}

export function IntervalTicks({ scale, unit }: { scale: Scale; unit: string }): ReactNode {
  const labels = tickLabels(scale.ticks);
  return (
    <div className="axis" aria-hidden>
      {scale.ticks.map((tick, i) => (
        <span
          key={tick}
          className={cx('xt', i === scale.ticks.length - 1 && unit.length > 1 && 'last')}
          style={{ left: `${(100 * (tick - scale.min)) / (scale.max - scale.min)}%` }}
        >
          {labels[i]}
          {i === scale.ticks.length - 1 && unit && ` ${unit}`}
        </span>
      ))}
    </div>
  );
}
