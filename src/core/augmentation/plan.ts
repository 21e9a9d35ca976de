import type { DatasetSchema } from '../data/dataset-schema.ts';
import { pointColumns } from '../data/keypoint-columns.ts';
import type { InputSpec } from '../model/spec.ts';
import { type AugmentationSpec, isOn, TRANSFORMS } from './spec.ts';
import { proposeSwaps } from './swaps.ts';

/** What an engine needs to know of an augmentation. */
export interface AugmentationPlan {
  spec: AugmentationSpec;
  input: InputSpec;
  /** Targets that are coordinates of one point: their places among an item's targets. */
  points: { x: number; y: number }[];
  /** [points]: the point whose place each takes in a mirror image; its own where it keeps it. */
  mirror: number[];
}

/** Names of an item's points, in the order of its columns. */
export function pointNames(schema: DatasetSchema): string[] {
  return schema.kind === 'image-keypoints' ? pointColumns(schema.targets.map((t) => t.name)).map((p) => p.name) : [];
}

/** Null where nothing is on. Names that are no points are left out: check-augmentation.ts refuses them. */
export function planAugmentation(
  spec: AugmentationSpec | null,
  schema: DatasetSchema,
  input: InputSpec,
): AugmentationPlan | null {
  if (!spec || !TRANSFORMS.some((t) => isOn(spec, t))) return null;
  const targets = schema.kind === 'image-keypoints' ? schema.targets.map((t) => t.name) : [];
  const columns = pointColumns(targets);
  const names = columns.map((p) => p.name);
  const mirror = names.map((_, i) => i);
  for (const pair of spec.keypointSwaps ?? proposeSwaps(names)) {
    const [a, b] = pair.map((name) => names.indexOf(name)) as [number, number];
    if (a < 0 || b < 0) continue;
    mirror[a] = b;
    mirror[b] = a;
  }
  return {
    spec,
    input,
    points: columns.map((p) => ({ x: targets.indexOf(p.x), y: targets.indexOf(p.y) })),
    mirror,
  };
}
