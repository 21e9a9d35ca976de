import { DRAW, DRAWS } from './draw.ts';
import type { AugmentationPlan } from './plan.ts';
import { GEOMETRIC, isOn } from './spec.ts';

/** The augmentation of one batch in plain JavaScript: what the preview shows, and what the engines' tests compare with. */

type ImagePlan = AugmentationPlan & { input: { kind: 'image' } };

/** ITU-R BT.601, as torchvision's and TensorFlow's grey. */
export const GREY = [0.299, 0.587, 0.114] as const;

/**
 * Images [n, H, W, C] in [0, 1] after the changes of `draws` [n, DRAWS]. `noise` gives standard normal numbers, one a pixel and channel.
 * Alpha, the fourth channel, moves with the others and keeps its value. O(pixels).
 */
export function renderImages(
  plan: ImagePlan,
  images: Float32Array,
  draws: Float32Array,
  noise: () => number,
): Float32Array {
  const { height, width, channels } = plan.input;
  const size = height * width * channels;
  const n = images.length / size;
  const changed = new Float32Array(images.length);
  for (let i = 0; i < n; i++) {
    const row = draws.subarray(i * DRAWS, (i + 1) * DRAWS);
    const item = images.subarray(i * size, (i + 1) * size);
    changed.set(recoloured(plan, erased(plan, moved(plan, item, row), row), row, noise), i * size);
  }
  return plan.spec.mixup > 0 ? blended(changed, draws, size) : changed;
}

/** Read at the places of the row's map, between pixels linearly, 0 outside. */
function moved({ spec, input: { height, width, channels } }: ImagePlan, image: Float32Array, row: Float32Array) {
  if (!GEOMETRIC.some((t) => isOn(spec, t))) return image.slice();
  const [a, b, c, d, e, f] = row.subarray(DRAW.pixels) as unknown as [number, number, number, number, number, number];
  const out = new Float32Array(image.length);
  const at = (y: number, x: number, k: number) =>
    y < 0 || y >= height || x < 0 || x >= width ? 0 : image[(y * width + x) * channels + k]!;
  for (let r = 0; r < height; r++)
    for (let s = 0; s < width; s++) {
      const [x, y] = [a * s + b * r + c, d * s + e * r + f];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [p, q] = [x - x0, y - y0];
      for (let k = 0; k < channels; k++)
        out[(r * width + s) * channels + k] =
          (1 - q) * ((1 - p) * at(y0, x0, k) + p * at(y0, x0 + 1, k)) +
          q * ((1 - p) * at(y0 + 1, x0, k) + p * at(y0 + 1, x0 + 1, k));
    }
  return out;
}

function erased({ spec, input: { width, channels } }: ImagePlan, image: Float32Array, row: Float32Array) {
  if (!spec.erasing) return image;
  for (let r = row[DRAW.top]!; r < row[DRAW.bottom]!; r++)
    for (let s = row[DRAW.left]!; s < row[DRAW.right]!; s++)
      for (let k = 0; k < Math.min(3, channels); k++) image[(r * width + s) * channels + k] = row[DRAW.grey]!;
  return image;
}

function recoloured({ spec, input }: ImagePlan, image: Float32Array, row: Float32Array, noise: () => number) {
  const { channels } = input;
  const colours = Math.min(3, channels);
  const pixels = image.length / channels;
  const each = (change: (value: number, pixel: number) => number) => {
    for (let p = 0; p < pixels; p++)
      for (let k = 0; k < colours; k++) image[p * channels + k] = change(image[p * channels + k]!, p);
  };
  if (spec.saturation > 0) {
    const grey = Float64Array.from({ length: pixels }, (_, p) =>
      GREY.reduce((sum, part, k) => sum + part * image[p * channels + k]!, 0),
    );
    each((v, p) => grey[p]! + (v - grey[p]!) * row[DRAW.saturation]!);
  }
  if (spec.contrast > 0) {
    let sum = 0;
    each((v) => {
      sum += v;
      return v;
    });
    const mean = sum / (pixels * colours);
    each((v) => mean + (v - mean) * row[DRAW.contrast]!);
  }
  if (spec.brightness > 0) each((v) => v + row[DRAW.brightness]!);
  if (spec.noise > 0) each((v) => v + spec.noise * noise());
  if (spec.saturation > 0 || spec.contrast > 0 || spec.brightness > 0 || spec.noise > 0)
    each((v) => Math.min(1, Math.max(0, v)));
  return image;
}

/** share * item + (1 - share) * partner, over rows of `size` numbers. */
export function blended(rows: Float32Array, draws: Float32Array, size: number): Float32Array {
  return rows.map((v, at) => {
    const row = Math.floor(at / size) * DRAWS;
    const share = draws[row + DRAW.share]!;
    return share * v + (1 - share) * rows[draws[row + DRAW.partner]! * size + (at % size)]!;
  });
}

/**
 * Targets of one item before any blend, in their own unit, NaN for missing: points move with the image,
 * swap sides in a mirror image, and are missing once they lie outside of it.
 */
export function movePoints({ spec, input, points, mirror }: ImagePlan, targets: Float32Array, row: Float32Array) {
  const out = targets.slice();
  if (!GEOMETRIC.some((t) => isOn(spec, t))) return out;
  const [a, b, c, d, e, f] = row.subarray(DRAW.point) as unknown as [number, number, number, number, number, number];
  points.forEach((point, i) => {
    const from = points[row[DRAW.mirrored] ? mirror[i]! : i]!;
    const [x, y] = [targets[from.x]!, targets[from.y]!];
    const [u, v] = [a * x + b * y + c, d * x + e * y + f];
    const inside = u >= 0 && u <= input.width && v >= 0 && v <= input.height;
    out[point.x] = inside ? u : Number.NaN;
    out[point.y] = inside ? v : Number.NaN;
  });
  return out;
}
