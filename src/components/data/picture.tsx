import type { PointMark } from '#core/augmentation/point-marks.ts';
import { cx } from '../ui/index.ts';

/** An image with its keypoints, where it has some: `targets` in pixels, null where missing; `predictions` alike, with a line to their target. */
export function Picture({
  src,
  alt,
  height,
  width,
  marks = [],
  targets,
  predictions,
  eager,
}: {
  src: string;
  alt: string;
  height: number;
  width: number;
  marks?: readonly PointMark[];
  targets?: readonly (number | null)[] | undefined;
  predictions?: readonly (number | null)[] | undefined;
  eager?: boolean;
}) {
  return (
    <span className={cx('pic', width <= 128 && 'hard')} style={{ aspectRatio: `${width} / ${height}` }}>
      {/* biome-ignore lint/performance/noImgElement: served by a route of our own, already small */}
      <img src={src} alt={alt} loading={eager ? 'eager' : 'lazy'} decoding="async" />
      {(targets || predictions) && (
        <PointOverlay height={height} width={width} marks={marks} targets={targets ?? []} predictions={predictions} />
      )}
    </span>
  );
}

/** Points over a picture, left and right in colours of their own; with answers, colours tell these from the targets. */
export function PointOverlay({
  height,
  width,
  marks,
  targets,
  predictions,
}: {
  height: number;
  width: number;
  marks: readonly PointMark[];
  /** from the upper left corner, null or NaN where missing */
  targets: readonly (number | null)[];
  predictions?: readonly (number | null)[] | undefined;
}) {
  const r = width / 45;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {marks.map((mark) => {
        const target = placeOf(mark, targets);
        return (
          target && (
            <circle
              key={mark.name}
              className={predictions ? undefined : (mark.side ?? 'middle')}
              cx={target.x}
              cy={target.y}
              r={r}
            />
          )
        );
      })}
      {predictions &&
        marks.map((mark) => {
          const target = placeOf(mark, targets);
          const answer = placeOf(mark, predictions);
          return (
            answer && (
              <g key={mark.name} className="answer">
                {target && <path d={`M${target.x} ${target.y}L${answer.x} ${answer.y}`} strokeWidth={r / 2} />}
                <circle cx={answer.x} cy={answer.y} r={r} />
              </g>
            )
          );
        })}
    </svg>
  );
}

function placeOf(mark: PointMark, of: readonly (number | null)[]): { x: number; y: number } | null {
  const [x, y] = [of[mark.x] ?? Number.NaN, of[mark.y] ?? Number.NaN];
  return Number.isNaN(x) || Number.isNaN(y) ? null : { x, y };
}
