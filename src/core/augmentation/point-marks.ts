import type { DatasetSchema } from '../data/dataset-schema.ts';
import { pointColumns } from '../data/keypoint-columns.ts';
import { proposeSwaps, type Side, sideOf } from './swaps.ts';

/** A point as it is drawn over a picture. */
export interface PointMark {
  name: string;
  /** places of its coordinates among the targets, which stand in the order of the header: x1, x2, y1, y2 as well as x1, y1, x2, y2 */
  x: number;
  y: number;
  /** so that it is told from the one that a mirror image swaps it with: by its name, else left for the first of a pair */
  side: Side | null;
}

/** O(targets). */
export function pointMarks(
  targets: readonly string[],
  swaps?: readonly (readonly [string, string])[] | null,
): PointMark[] {
  const points = pointColumns(targets);
  const place = new Map(targets.map((name, t) => [name, t]));
  const ofPair = new Map<string, Side>();
  for (const [first, second] of swaps ?? proposeSwaps(points.map(({ name }) => name)))
    ofPair.set(first, 'left').set(second, 'right');
  return points.map(({ name, x, y }) => ({
    name,
    x: place.get(x)!,
    y: place.get(y)!,
    side: sideOf(name) ?? ofPair.get(name) ?? null,
  }));
}

/** None where the items have no points. */
export function marksOf(schema: DatasetSchema, swaps?: readonly (readonly [string, string])[] | null): PointMark[] {
  return schema.kind === 'image-keypoints'
    ? pointMarks(
        schema.targets.map((target) => target.name),
        swaps,
      )
    : [];
}
