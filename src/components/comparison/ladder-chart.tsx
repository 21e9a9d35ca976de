'use client';

import { useRef } from 'react';
import { useWidth } from '#components/charts/use-width.ts';
import { linearScale } from '#core/chart/scale.ts';
import type { Rung, When } from '#core/comparison/ladder.ts';
import { count, metricValue } from '#core/format/numbers.ts';

const HEIGHT = 260;
const MARGIN = { left: 44, right: 84, top: 10, bottom: 40 };

/** Train and validation loss against parameters on a logarithmic axis; whiskers are one standard deviation between seeds. */
export function LadderChart({
  rungs,
  when,
  trainItems,
  noun,
}: {
  rungs: readonly Rung[];
  when: When;
  trainItems: number;
  noun: string;
}) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const points = rungs
    .flatMap((rung) => (rung[when] ? [{ factor: rung.factor, parameters: rung.parameters, ...rung[when] }] : []))
    .sort((a, b) => a.parameters - b.parameters);
  if (points.length === 0)
    return (
      <div ref={host}>
        <p className="plot-empty three small" style={{ height: HEIGHT }}>
          No size has ended yet.
        </p>
      </div>
    );
  const sizes = rungs.map((rung) => rung.parameters);
  const [least, most] = [Math.min(...sizes) / 1.4, Math.max(...sizes) * 1.4];
  const losses = points.flatMap((p) =>
    [p.train, p.validation].flatMap(({ mean, sd }) => [mean - (sd ?? 0), mean + (sd ?? 0)]),
  );
  const y = linearScale(Math.min(0, ...losses), Math.max(...losses), 5);
  const narrow = width < 560;
  const right = narrow ? 16 : MARGIN.right;
  const px = (parameters: number) =>
    MARGIN.left +
    ((width - MARGIN.left - right) * (Math.log(parameters) - Math.log(least))) / (Math.log(most) - Math.log(least));
  const py = (loss: number) =>
    MARGIN.top + (HEIGHT - MARGIN.top - MARGIN.bottom) * (1 - (loss - y.min) / (y.max - y.min));
  const bottom = HEIGHT - MARGIN.bottom;
  const last = points.at(-1)!;
  const ends = placeEnds(py(last.train.mean), py(last.validation.mean));
  const inRange = trainItems > least && trainItems < most;
  return (
    <div ref={host}>
      {width > 0 && (
        <figure className="ladder" style={{ height: HEIGHT }} aria-label={said(points)}>
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {y.ticks.map((tick) => (
              <path key={tick} className="grid" d={`M${MARGIN.left} ${py(tick)}H${width - right}`} />
            ))}
            <path className="base" d={`M${MARGIN.left} ${bottom}H${width - right}`} />
            {inRange && <path className="items" d={`M${px(trainItems)} ${MARGIN.top}V${bottom}`} />}
            {(['train', 'validation'] as const).map((part) => (
              <g key={part} className={part}>
                <path
                  className="line"
                  d={`M${points.map((p) => `${px(p.parameters)} ${py(p[part].mean)}`).join('L')}`}
                />
                {points.map((p) => (
                  <g key={p.factor}>
                    {p[part].sd !== null && (
                      <path
                        className="whisker"
                        d={`M${px(p.parameters)} ${py(p[part].mean - p[part].sd)}V${py(p[part].mean + p[part].sd)}`}
                      />
                    )}
                    <circle cx={px(p.parameters)} cy={py(p[part].mean)} r="3.5">
                      <title>
                        × {p.factor}: {part} {p[part].mean}
                      </title>
                    </circle>
                  </g>
                ))}
              </g>
            ))}
          </svg>
          {y.ticks.map((tick) => (
            <span key={tick} className="ly" style={{ top: py(tick) }} aria-hidden>
              {metricValue('loss', tick)}
            </span>
          ))}
          {rungs.map((rung) => (
            <span key={rung.factor} className="lx" style={{ left: px(rung.parameters), top: bottom }} aria-hidden>
              × {rung.factor}
              <br />
              {short(rung.parameters)}
            </span>
          ))}
          {inRange && (
            <span className="lx note-items" style={{ left: px(trainItems), top: MARGIN.top - 6 }} aria-hidden>
              a weight for each training {noun}
            </span>
          )}
          {!narrow &&
            (['train', 'validation'] as const).map((part) => (
              <span
                key={part}
                className="note m bare"
                style={{ left: px(last.parameters) + 10, top: ends[part] }}
                aria-hidden
              >
                <b>{metricValue('loss', last[part].mean)}</b> {part}
              </span>
            ))}
        </figure>
      )}
      <p className="tiny three">Loss against the number of parameters, on a logarithmic axis.</p>
    </div>
  );
}

/** Two labels beside their points, 14 px apart at least. */
function placeEnds(train: number, validation: number) {
  const apart = Math.abs(train - validation);
  if (apart >= 14) return { train, validation };
  const push = (14 - apart) / 2;
  return train > validation
    ? { train: train + push, validation: validation - push }
    : { train: train - push, validation: validation + push };
}

function short(n: number): string {
  if (n < 10_000) return count(n);
  return n < 1e6 ? `${count(n / 1e3)} k` : `${(n / 1e6).toFixed(1)} M`;
}

function said(points: readonly { factor: number; train: { mean: number }; validation: { mean: number } }[]): string {
  const each = points.map(
    (p) =>
      `width times ${p.factor}: train ${metricValue('loss', p.train.mean)}, validation ${metricValue('loss', p.validation.mean)}`,
  );
  return `Loss against parameters. ${each.join('; ')}.`;
}
