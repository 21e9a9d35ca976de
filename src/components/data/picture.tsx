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
  const points = targets ? pointsOf(targets) : [];
  const answers = predictions ? pointsOf(predictions) : [];
  const r = width / 60;
  return (
    <span className={cx('pic', width <= 128 && 'hard')} style={{ aspectRatio: `${width} / ${height}` }}>
      {/* biome-ignore lint/performance/noImgElement: served by a route of our own, already small */}
      <img src={src} alt={alt} loading={eager ? 'eager' : 'lazy'} decoding="async" />
      {points.length + answers.length > 0 && (
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
      )}
    </span>
  );
}

/** Pairs in the order of the columns, which come as x then y. */
function pointsOf(targets: readonly (number | null)[]): { x: number; y: number; k: number }[] {
  const points = [];
  for (let k = 0; k + 1 < targets.length; k += 2) {
    const [x, y] = [targets[k], targets[k + 1]];
    // Centres of pixels lie half a pixel inside.
    if (typeof x === 'number' && typeof y === 'number') points.push({ x: x + 0.5, y: y + 0.5, k });
  }
  return points;
}
