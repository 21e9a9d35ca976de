import { sfc32 } from '../random.ts';
import { DRAW, DRAWS, drawAugmentation } from './draw.ts';
import type { AugmentationPlan } from './plan.ts';
import { movePoints, renderImages } from './render.ts';
import { augmentationSchema } from './spec.ts';

/** What a run would see of some training items: the same draws, and the pictures that the engines' tests hold the engines to. */

export interface PreviewItem {
  /** float32 [H * W * C] in [0, 1] */
  pixels: Float32Array;
  /** in the targets' own unit, NaN where missing; of what is no keypoint data set empty */
  targets: Float32Array;
  /** of the item itself; the rest is `partner`'s */
  share: number;
  /** a place among the items */
  partner: number;
}

/** Pictures may be smaller than the data set's; then points and `cropPadding` count in their pixels. O(pixels). */
export function previewItems(
  plan: AugmentationPlan & { input: { kind: 'image' } },
  items: readonly { pixels: Float32Array; targets: Float32Array }[],
  seed: number,
  step: number,
): PreviewItem[] {
  const n = items.length;
  const size = items[0]?.pixels.length ?? 0;
  const draws = drawAugmentation(plan, seed, step, n);
  const images = new Float32Array(n * size);
  items.forEach(({ pixels }, i) => {
    images.set(pixels, i * size);
  });
  // Engines draw their noise in the graph; of the same kind, but not the same numbers.
  const rendered = renderImages(plan, images, draws, normals(seed, step));
  const row = (i: number) => draws.subarray(i * DRAWS, (i + 1) * DRAWS);
  const moved = items.map(({ targets }, i) => movePoints(plan, targets, row(i)));
  return items.map((_, i) => {
    const share = row(i)[DRAW.share]!;
    const partner = row(i)[DRAW.partner]!;
    return {
      pixels: rendered.subarray(i * size, (i + 1) * size),
      targets: moved[i]!.map((v, t) => share * v + (share < 1 ? (1 - share) * moved[partner]![t]! : 0)),
      share,
      partner,
    };
  });
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
