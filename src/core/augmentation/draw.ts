import { hash32 } from '../hash32.ts';
import { sfc32 } from '../random.ts';
import type { AugmentationPlan } from './plan.ts';
import type { AugmentationSpec } from './spec.ts';

/**
 * What happens to each item of a batch, as one row of numbers: a function of seed and step alone, the same for every engine,
 * for the preview and after a restart. Engines carry it out in their graph.
 */

/** Where each number stands in an item's row. */
export const DRAW = {
  /** a, b, c, d, e, f: the new image's pixel (column x, row y) is read at (a x + b y + c, d x + e y + f) of the old */
  pixels: 0,
  /** the same for points, from old to new, in pixels from the image's upper left corner */
  point: 6,
  /** 1 in a mirror image, where points swap sides */
  mirrored: 12,
  contrast: 13,
  brightness: 14,
  saturation: 15,
  /** rows top <= r < bottom and columns left <= c < right become `grey` */
  top: 16,
  left: 17,
  bottom: 18,
  right: 19,
  grey: 20,
  /** of the item itself in the blend with `partner`, a place in the batch or in the replica's share of it */
  share: 21,
  partner: 22,
} as const;
export const DRAWS = 23;

const ITEMS = hash32('augmentation');
const BLENDS = hash32('mixup');
/** A box's smallest share of the image, and its sides' largest ratio (Zhong et al. 2017, torchvision's defaults). */
const LEAST_AREA = 0.02;
const MOST_ASPECT = 1 / 0.3;

/**
 * float32 [n, DRAWS] for the batch of `step`, counted from 0. Every item draws as often whatever is on, so that one change leaves the others as they were. O(n).
 * @param shares sizes of the parts that the batch is cut into: items are blended within theirs, and a partner is a place in it
 */
export function drawAugmentation(
  { spec, input }: AugmentationPlan,
  seed: number,
  step: number,
  n: number,
  shares: readonly number[] = [n],
): Float32Array {
  const next = sfc32(ITEMS, step, seed);
  const uniform = () => next() / 2 ** 32;
  const size = input.kind === 'image' ? input : { height: 1, width: 1 };
  const rows = new Float32Array(n * DRAWS);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * DRAWS, (i + 1) * DRAWS);
    drawMap(row, spec, size, uniform);
    row[DRAW.contrast] = 1 + either(uniform, spec.contrast);
    row[DRAW.brightness] = either(uniform, spec.brightness);
    row[DRAW.saturation] = 1 + either(uniform, spec.saturation);
    drawBox(row, spec, size, uniform);
    row[DRAW.share] = 1;
    row[DRAW.partner] = i;
  }
  if (spec.mixup > 0) {
    const draw = sfc32(BLENDS, step, seed);
    let start = 0;
    for (const size of shares) {
      drawBlends(rows.subarray(start * DRAWS), size, spec.mixup, draw);
      start += size;
    }
  }
  return rows;
}

type Uniform = () => number;
interface Size {
  height: number;
  width: number;
}

const either = (uniform: Uniform, most: number) => (2 * uniform() - 1) * most;

/** Flip, zoom, shear and rotation about the middle, then the shifts: one map, so that pixels are read once. */
function drawMap(row: Float32Array, spec: AugmentationSpec, { height, width }: Size, uniform: Uniform): void {
  const angle = (either(uniform, spec.rotation) * Math.PI) / 180;
  const flipX = uniform() < 0.5 && spec.horizontalFlip ? -1 : 1;
  const flipY = uniform() < 0.5 && spec.verticalFlip ? -1 : 1;
  const scale = (1 + spec.zoom) ** (2 * uniform() - 1);
  const lean = Math.tan((either(uniform, spec.shear) * Math.PI) / 180);
  const crop = () => Math.floor(uniform() * (2 * spec.cropPadding + 1)) - spec.cropPadding;
  const shiftX = crop() + either(uniform, spec.translation) * width;
  const shiftY = crop() + either(uniform, spec.translation) * height;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // rotation * shear * scale * flip
  const a = scale * flipX * cos;
  const b = scale * flipY * (cos * lean - sin);
  const d = scale * flipX * sin;
  const e = scale * flipY * (sin * lean + cos);
  const [x, y] = [width / 2, height / 2];
  const c = x + shiftX - a * x - b * y;
  const f = y + shiftY - d * x - e * y;
  row.set([a, b, c, d, e, f], DRAW.point);
  const det = a * e - b * d;
  const [ia, ib, id, ie] = [e / det, -b / det, -d / det, a / det];
  const [ic, jf] = [-(ia * c + ib * f), -(id * c + ie * f)];
  // A pixel's middle lies half a pixel inside of its corner.
  row.set([ia, ib, ic + 0.5 * (ia + ib - 1), id, ie, jf + 0.5 * (id + ie - 1)], DRAW.pixels);
  row[DRAW.mirrored] = flipX * flipY < 0 ? 1 : 0;
}

function drawBox(row: Float32Array, { erasing }: AugmentationSpec, { height, width }: Size, uniform: Uniform): void {
  const happens = uniform();
  const size = uniform();
  const aspect = uniform();
  const down = uniform();
  const across = uniform();
  const grey = uniform();
  if (!erasing || happens >= erasing.probability) return;
  const least = Math.min(LEAST_AREA, erasing.area);
  const area = (least + size * (erasing.area - least)) * height * width;
  const ratio = MOST_ASPECT ** (2 * aspect - 1);
  const side = (length: number, limit: number) => Math.min(limit, Math.max(1, Math.round(length)));
  const [h, w] = [side(Math.sqrt(area * ratio), height), side(Math.sqrt(area / ratio), width)];
  row[DRAW.top] = Math.floor(down * (height - h + 1));
  row[DRAW.left] = Math.floor(across * (width - w + 1));
  row[DRAW.bottom] = row[DRAW.top]! + h;
  row[DRAW.right] = row[DRAW.left]! + w;
  row[DRAW.grey] = grey;
}

/** Partners are a random order of the `n` items, as in the paper's own code; each item has a share of its own. */
function drawBlends(rows: Float32Array, n: number, alpha: number, next: () => number): void {
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  order.forEach((partner, i) => {
    rows[i * DRAWS + DRAW.share] = beta(alpha, uniform);
    rows[i * DRAWS + DRAW.partner] = partner;
  });
}

/** Beta(alpha, alpha) by Jöhnk's method (1964), in logarithms: a small alpha underflows otherwise. Takes 6 tries on average at alpha 2, fewer below. */
function beta(alpha: number, uniform: Uniform): number {
  for (;;) {
    const [u, v] = [Math.log(uniform()) / alpha, Math.log(uniform()) / alpha];
    const most = Math.max(u, v);
    if (most + Math.log(Math.exp(u - most) + Math.exp(v - most)) <= 0) return 1 / (1 + Math.exp(v - u));
  }
}
