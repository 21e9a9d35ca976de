import { sfc32 } from '../random.ts';
import { DRAW, DRAWS, drawAugmentation } from './draw.ts';
import type { AugmentationPlan } from './plan.ts';
import { blended, movePoints, renderImages } from './render.ts';
import { augmentationSchema } from './spec.ts';

/** What a run would see of some training items: the same draws, and the pictures that the engines' tests hold the engines to. */

/** Items that a preview shows. */
export const PREVIEW_ITEMS = 16;

export interface PreviewSource {
  /** float32 [H * W * C] in [0, 1], or [features] of a table */
  x: Float32Array;
  /** in their own unit, NaN where missing; empty of a classification */
  targets: Float32Array;
}

export interface PreviewItem extends PreviewSource {
  /** of the item itself; the rest is `partner`'s */
  share: number;
  /** a place among the items */
  partner: number;
}

/** Pictures may be smaller than the data set's; then points and `cropPadding` count in their pixels. `step` counts from 0. O(pixels). */
export function previewItems(
  plan: AugmentationPlan,
  items: readonly PreviewSource[],
  seed: number,
  step: number,
): PreviewItem[] {
  const n = items.length;
  const size = items[0]?.x.length ?? 0;
  const draws = drawAugmentation(plan, seed, step, n);
  const row = (i: number) => draws.subarray(i * DRAWS, (i + 1) * DRAWS);
  const picture = picturePlan(plan);
  // Engines draw their noise in the graph; of the same kind, but not the same numbers.
  const noise = normals(seed, step);
  const unmixed = picture && { ...picture, spec: { ...picture.spec, mixup: 0 } };
  const changed = new Float32Array(n * size);
  for (const [i, { x }] of items.entries())
    changed.set(unmixed ? renderImages(unmixed, x, row(i), noise) : x, i * size);
  const seen = plan.spec.mixup > 0 ? blended(changed, draws, size) : changed;
  const asked = previewTargets(plan, items, seed, step);
  return asked.map((one, i) => ({ ...one, x: seen.subarray(i * size, (i + 1) * size) }));
}

/** What a preview says beside its pictures: the same draws without a pixel. O(targets). */
export function previewTargets(
  plan: AugmentationPlan,
  items: readonly Pick<PreviewSource, 'targets'>[],
  seed: number,
  step: number,
): Omit<PreviewItem, 'x'>[] {
  const draws = drawAugmentation(plan, seed, step, items.length);
  const row = (i: number) => draws.subarray(i * DRAWS, (i + 1) * DRAWS);
  const picture = picturePlan(plan);
  const moved = items.map(({ targets }, i) => (picture ? movePoints(picture, targets, row(i)) : targets));
  return moved.map((targets, i) => {
    const share = row(i)[DRAW.share]!;
    const partner = row(i)[DRAW.partner]!;
    return {
      targets: targets.map((v, t) => share * v + (share < 1 ? (1 - share) * moved[partner]![t]! : 0)),
      share,
      partner,
    };
  });
}

function picturePlan({ input, ...plan }: AugmentationPlan) {
  return input.kind === 'image' ? { ...plan, input } : null;
}

/** The plan for pictures `scale` times as large as the data set's. */
export function scaledPlan<P extends AugmentationPlan>(
  plan: P,
  size: { height: number; width: number },
  scale: number,
): P {
  const spec = augmentationSchema.parse({ ...plan.spec, cropPadding: Math.round(plan.spec.cropPadding * scale) });
  return { ...plan, spec, input: { ...plan.input, ...size } };
}

function normals(seed: number, step: number): () => number {
  const next = sfc32(step, seed, 0);
  const uniform = () => (next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
