import type { PointMark } from '#core/augmentation/point-marks.ts';
import { sideOf } from '#core/augmentation/swaps.ts';

/** Which colour of points is which side; nothing where there is none. */
export function SideLegend({ marks }: { marks: readonly PointMark[] }) {
  if (marks.every(({ side }) => side === null)) return null;
  const [left, right] = marks.some(({ name }) => sideOf(name)) ? ['left', 'right'] : ['first of a pair', 'second'];
  return (
    <span className="legend sides">
      <span>
        <i className="left" aria-hidden /> {left}
      </span>
      <span>
        <i className="right" aria-hidden /> {right}
      </span>
      {marks.some(({ side }) => side === null) && (
        <span>
          <i className="middle" aria-hidden /> middle
        </span>
      )}
    </span>
  );
}
