import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { pointMarks } from '#core/augmentation/point-marks.ts';
import { PointOverlay } from './picture.tsx';

const marks = pointMarks(['left_eye_x', 'nose_x', 'left_eye_y', 'nose_y']);
const circles = (html: string) =>
  [...html.matchAll(/<circle(?: class="(\w+)")? cx="(\d+)" cy="(\d+)"/g)].map((m) => m.slice(1));

test('points lie where their names say, in the colour of their side; one without both coordinates is left out', () => {
  const draw = (targets: (number | null)[]) =>
    circles(renderToStaticMarkup(<PointOverlay height={90} width={90} marks={marks} targets={targets} />));
  expect(draw([1, 2, 3, 4])).toEqual([
    ['left', '1', '3'],
    ['middle', '2', '4'],
  ]);
  expect(draw([1, null, 3, 4])).toEqual([['left', '1', '3']]);
});

test('with answers the colours tell these from the targets, and a line leads from one to the other', () => {
  const html = renderToStaticMarkup(
    <PointOverlay height={90} width={90} marks={marks} targets={[1, null, 3, null]} predictions={[5, 6, 7, 8]} />,
  );
  expect(circles(html)).toEqual([
    [undefined, '1', '3'],
    [undefined, '5', '7'],
    [undefined, '6', '8'],
  ]);
  expect(html.match(/<path/g)).toHaveLength(1);
  expect(html).toContain('d="M1 3L5 7"');
});
