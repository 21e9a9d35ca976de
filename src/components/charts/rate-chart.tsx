'use client';

import { type PointerEvent, useRef, useState } from 'react';
import { linearScale, tickLabels } from '#core/chart/scale.ts';
import { metricValue, rateValue } from '#core/format/numbers.ts';
import type { RateReading } from '#core/run/rate-finder.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 280;
const LEFT = 44;
const RIGHT = 16;
const TOP = 22;
const BOTTOM = 26;

/** Loss against the learning rate, on a logarithmic axis: raw behind, smoothed in front, the suggested rate marked. */
export function RateChart({ rates, losses, smoothed, suggestion, lowestAt }: RateReading) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [at, setAt] = useState<number | null>(null);
  if (rates.length < 2) return null;

  const decades = [Math.floor(Math.log10(rates[0]!)), Math.ceil(Math.log10(rates.at(-1)!))] as const;
  // What grows beyond where it began only says that the rate is too high.
  const begin = smoothed[0]!;
  const low = Math.min(...smoothed);
  const high = begin + 0.5 * Math.max(begin - low, 0.1 * Math.abs(begin));
  const scale = linearScale(Math.max(0, low - 0.1 * (high - low)), high, 5);
  const labels = tickLabels(scale.ticks);
  const inner = Math.max(1, width - LEFT - RIGHT);
  const x = (rate: number) => LEFT + (inner * (Math.log10(rate) - decades[0])) / (decades[1] - decades[0]);
  const y = (loss: number) => {
    const share = (loss - scale.min) / (scale.max - scale.min);
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(1.04, share));
  };
  const path = (values: readonly number[]) =>
    values.map((value, i) => `${i ? 'L' : 'M'}${x(rates[i]!).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const placeOf = (rate: number) =>
    rates.reduce(
      (best, r, i) => (Math.abs(Math.log(r / rate)) < Math.abs(Math.log(rates[best]! / rate)) ? i : best),
      0,
    );
  const marked = suggestion === null ? null : placeOf(suggestion);

  function follow(event: PointerEvent<SVGSVGElement>) {
    const share = (event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / inner;
    setAt(placeOf(10 ** (decades[0] + share * (decades[1] - decades[0]))));
  }

  const words =
    `Loss against the learning rate, from ${rateValue(rates[0]!)} to ${rates.at(-1)!.toPrecision(2)}. ` +
    (suggestion === null
      ? 'It falls nowhere.'
      : `It falls fastest at ${rateValue(suggestion)} and is lowest at ${lowestAt!.toPrecision(2)}.`);
  return (
    <figure className="chart own">
      <figcaption>
        <b>Loss against the learning rate</b>
        <span className="two">train batches; faint: each step, solid: smoothed</span>
        <span className="end" aria-hidden>
          {at !== null &&
            `rate ${rates[at]!.toPrecision(2)}, loss ${metricValue('loss', losses[at])}, smoothed ${metricValue('loss', smoothed[at])}`}
        </span>
      </figcaption>
      <div ref={host}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={words}
            onPointerMove={follow}
            onPointerLeave={() => setAt(null)}
          >
            {scale.ticks.map((tick, i) => (
              <g key={tick}>
                <path className="grid" d={`M${LEFT} ${y(tick)}H${width - RIGHT}`} />
                <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                  {labels[i]}
                </text>
              </g>
            ))}
            <path className="axis" d={`M${LEFT} ${HEIGHT - BOTTOM}H${width - RIGHT}`} />
            {Array.from({ length: decades[1] - decades[0] + 1 }, (_, i) => 10 ** (decades[0] + i)).map((rate) => (
              <text key={rate} x={x(rate)} y={HEIGHT - 8} textAnchor="middle">
                {rateValue(Number(rate.toPrecision(1)))}
              </text>
            ))}
            <path className="line raw" d={path(losses)} />
            <path className="line" d={path(smoothed)} />
            {at !== null && <path className="cursor" d={`M${x(rates[at]!)} ${TOP}V${HEIGHT - BOTTOM}`} />}
            {marked !== null && (
              <g className="mark">
                <path d={`M${x(suggestion!)} ${TOP - 4}V${HEIGHT - BOTTOM}`} />
                <circle cx={x(suggestion!)} cy={y(smoothed[marked]!)} r={4.5} />
                <text
                  x={x(suggestion!) + (x(suggestion!) > width / 2 ? -8 : 8)}
                  y={TOP + 6}
                  textAnchor={x(suggestion!) > width / 2 ? 'end' : 'start'}
                >
                  falls fastest at {rateValue(suggestion!)}
                </text>
              </g>
            )}
          </svg>
        )}
      </div>
    </figure>
  );
}
