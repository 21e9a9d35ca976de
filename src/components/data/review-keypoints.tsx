import { pointMarks } from '#core/augmentation/point-marks.ts';
import type { KeypointContent } from '#core/data/report.ts';
import { Picture } from './picture.tsx';
import { SideLegend } from './side-legend.tsx';
import { count, counted } from './words.ts';

/** The first faces with their points: wrong axes or a wrong column show at once. */
export function ReviewKeypoints({ content }: { content: KeypointContent }) {
  const { items, side, points, incomplete, unused, samples } = content;
  const marks = pointMarks(content.targets.map((t) => t.name));
  return (
    <div className="grid gap-4">
      <p className="two">
        {counted(items, 'grey image')} of {side} × {side} with {counted(points.length, 'point')}.{' '}
        {incomplete > 0
          ? `${count(incomplete)} lack some points; a missing point adds nothing to the loss.`
          : 'Every image has all of them.'}
        {unused.length > 0 && ` Not used: ${unused.join(', ')}.`}
      </p>
      <SideLegend marks={marks} />
      <ul className="thumbs" style={{ '--thumb': '110px' } as React.CSSProperties} aria-label="The first images">
        {samples.map((sample) => (
          <li key={sample.name}>
            <Picture
              src={sample.png}
              alt={sample.name}
              height={side}
              width={side}
              marks={marks}
              targets={sample.targets}
              eager
            />
            <span className="small three">{sample.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
