'use client';

import { useRef, useState } from 'react';
import { linearTicks, tickLabels } from '#core/chart/scale.ts';
import { count } from '#core/format/numbers.ts';
import { useWidth } from './use-width.ts';

export interface Ridge {
  epoch: number;
  min: number;
  max: number;
  counts: readonly number[];
}

const LEFT = 52;
const RIGHT = 12;
const BOTTOM = 26;
/** How far a ridge may rise over the one behind it. */
const RISE = 34;
const MOST_RIDGES = 24;

/** Histograms over the epochs, the newest in front: ridges on one axis, each as tall as the others, for its width is what tells. */
export function Ridges({ title, about, ridges: all }: { title: string; about: string; ridges: readonly Ridge[] }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [near, setNear] = useState<number | null>(null);
  const every = Math.ceil(all.length / MOST_RIDGES);
  // Counted from the newest, which always shows.
  const ridges = all.filter((_, i) => (all.length - 1 - i) % every === 0);
  const low = Math.min(...ridges.map((r) => r.min));
  const high = Math.max(...ridges.map((r) => r.max));
  const span = high - low || 1;
  const gap = Math.max(9, Math.min(22, 220 / ridges.length));
  const height = RISE + gap * ridges.length + BOTTOM;
  const inner = Math.max(1, width - LEFT - RIGHT);
  const x = (value: number) => LEFT + (inner * (value - low)) / span;
  const ticks = linearTicks(low, high, width < 300 ? 3 : 5).filter((t) => t >= low && t <= high);
  const labels = tickLabels(ticks);
  const shown = near === null ? ridges.at(-1) : ridges[near];
  return (
    <figure className="chart own ridges">
      <figcaption>
        <b>{title}</b>
        <span className="two">{about}</span>
        {shown && (
          <span className="end" aria-live="off">
            epoch {shown.epoch}: {short(shown.min)} to {short(shown.max)},{' '}
            {count(shown.counts.reduce((a, b) => a + b, 0))} numbers
          </span>
        )}
      </figcaption>
      <div ref={host}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${title}: ${ridges.map((r) => `epoch ${r.epoch} from ${short(r.min)} to ${short(r.max)}`).join('; ')}`}
            onPointerLeave={() => setNear(null)}
          >
            {ticks.map((tick, i) => (
              <g key={tick}>
                <path className="grid" d={`M${x(tick)} ${RISE - 8}V${height - BOTTOM}`} />
                <text x={x(tick)} y={height - 8} textAnchor="middle">
                  {labels[i]}
                </text>
              </g>
            ))}
            {ridges.map((ridge, i) => {
              const base = RISE + gap * (i + 1);
              const bin = (ridge.max - ridge.min || span / 40) / ridge.counts.length;
              // By the root, so that one sharp peak does not flatten the rest.
              const most = Math.max(...ridge.counts);
              const points = ridge.counts
                .map((c, k) => {
                  const y = base - RISE * Math.sqrt(c / most);
                  return `L${x(ridge.min + (k + 0.5) * bin).toFixed(1)} ${y.toFixed(1)}`;
                })
                .join('');
              const path = `M${x(ridge.min).toFixed(1)} ${base}${points}L${x(ridge.max || ridge.min).toFixed(1)} ${base}`;
              const labelled = i === ridges.length - 1 || gap >= 12 || i % 2 === (ridges.length - 1) % 2;
              return (
                <g key={ridge.epoch} className={near === i ? 'near' : undefined} onPointerEnter={() => setNear(i)}>
                  <path className="ridge" d={path} style={{ opacity: 0.35 + (0.65 * (i + 1)) / ridges.length }} />
                  <path className="crest" d={path} />
                  {labelled && (
                    <text x={LEFT - 8} y={base + 3} textAnchor="end">
                      {i === ridges.length - 1 ? `epoch ${ridge.epoch}` : ridge.epoch}
                    </text>
                  )}
                </g>
              );
            })}
            <path className="axis" d={`M${LEFT} ${height - BOTTOM}H${width - RIGHT}`} />
          </svg>
        )}
      </div>
    </figure>
  );
}

function short(value: number): string {
  return (
    value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
  ).replaceAll('-', '−');
}
