import { cx } from '../ui/index.ts';

/** An image with its keypoints: `targets` are x, y, x, y … in pixels, null where missing; `predictions` alike, with a line to their target. */
export function Picture({
  src,
  alt,
  height,
  width,
  targets,
  predictions,
  eager,
}: {
  src: string;
  alt: string;
  height: number;
  width: number;
  targets?: readonly (number | null)[] | undefined;
  predictions?: readonly (number | null)[] | undefined;
  eager?: boolean;
}) {
  return (
    <span className={cx('pic', width <= 128 && 'hard')} style={{ aspectRatio: `${width} / ${height}` }}>
      {/* biome-ignore lint/performance/noImgElement: served by a route of our own, already small */}
      <img src={src} alt={alt} loading={eager ? 'eager' : 'lazy'} decoding="async" />
      {(targets || predictions) && (
        <PointOverlay height={height} width={width} targets={targets ?? []} predictions={predictions} />
      )}
    </span>
  );
}

/** Points over a picture; `targets` are x, y, x, y … from its upper left corner, null or NaN where missing; `predictions` the same way, each with a line to its target. */
export function PointOverlay({
  height,
  width,
  targets,
  predictions,
}: {
  height: number;
  width: number;
  targets: readonly (number | null)[];
  predictions?: readonly (number | null)[] | undefined;
}) {
  const points = pointsOf(targets);
  const answers = predictions ? pointsOf(predictions) : [];
  const r = width / 60;
  if (points.length + answers.length === 0) return null;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {points.map(({ x, y, k }) => (
        <circle key={k} cx={x} cy={y} r={r} />
      ))}
      {answers.map(({ x, y, k }) => {
        const target = points.find((p) => p.k === k);
        return (
          <g key={k} className="answer">
            {target && <path d={`M${target.x} ${target.y}L${x} ${y}`} strokeWidth={r / 2} />}
            <circle cx={x} cy={y} r={r} />
          </g>
        );
      })}
    </svg>
  );
}

/** Pairs in the order of the columns, which come as x then y. */
function pointsOf(targets: readonly (number | null)[]): { x: number; y: number; k: number }[] {
  const points = [];
  for (let k = 0; k + 1 < targets.length; k += 2) {
    const [x, y] = [targets[k] ?? Number.NaN, targets[k + 1] ?? Number.NaN];
    if (!Number.isNaN(x) && !Number.isNaN(y)) points.push({ x, y, k });
  }
  return points;
}
