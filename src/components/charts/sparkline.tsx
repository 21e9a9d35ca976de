import { bucketIndices } from '#core/chart/buckets.ts';
import { extentOf } from '#core/chart/scale.ts';

/** A curve the size of a word. Give several the same `domain` and `steps` so that they can be compared. */
export function Sparkline({
  label,
  steps,
  values,
  colour = '--ink-2',
  width = 96,
  height = 24,
  domain,
  lastStep,
}: {
  /** what it shows, in words with its last value */
  label: string;
  steps: readonly number[];
  values: readonly number[];
  /** custom property */
  colour?: string;
  width?: number;
  height?: number;
  domain?: readonly [number, number];
  lastStep?: number;
}) {
  const extent = domain ? { min: domain[0], max: domain[1] } : extentOf(values);
  if (!extent || steps.length === 0) return <span className="three tiny">no points yet</span>;
  const from = steps[0]!;
  const span = Math.max(1, (lastStep ?? steps.at(-1)!) - from);
  const rise = extent.max - extent.min || 1;
  const x = (i: number) => 1 + ((steps[i]! - from) / span) * (width - 2);
  const y = (i: number) => height - 2 - ((values[i]! - extent.min) / rise) * (height - 4);
  const kept = bucketIndices(steps, values, Math.ceil(width / 2));
  const path = kept.map((i, n) => `${n ? 'L' : 'M'}${x(i).toFixed(1)} ${y(i).toFixed(1)}`).join('');
  const last = kept.at(-1);
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <path d={path} fill="none" stroke={`var(${colour})`} strokeWidth={1.5} strokeLinejoin="round" />
      {last !== undefined && <circle cx={x(last)} cy={y(last)} r={1.75} fill={`var(${colour})`} />}
    </svg>
  );
}
