import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import { DRAW, DRAWS, drawAugmentation } from '#core/augmentation/draw.ts';
import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import { GREY } from '#core/augmentation/render.ts';
import { GEOMETRIC, isOn } from '#core/augmentation/spec.ts';
import { hash32 } from '#core/hash32.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { tf } from '../tfjs.ts';
import type { Ops } from './ops.ts';
import type { Batch, Problem } from './problem.ts';
import { cutAs, itemsOf, joined, joinedBatch, sharesOf, slicesOf } from './shares.ts';

/** What `augment` does to the batch of a step, float32 [size, DRAWS]; nothing where augmentation is off. */
export function drawsOf(problem: Problem, step: number, size: number): Float32Array | undefined {
  const { augmentation, seed, replicas } = problem;
  if (!augmentation) return undefined;
  const shares = sharesOf(size, replicas).map(({ items }) => items);
  return drawAugmentation(augmentation, seed, step, size, shares);
}

/** A batch of tensors with what `augment` will do to it. */
export function withDraws(problem: Problem, batch: Batch, step: number): Batch {
  const size = batch.x.shape[0]!;
  const draws = drawsOf(problem, step, size);
  return draws ? { ...batch, draws: tf.tensor2d(draws, [size, DRAWS]) } : batch;
}

/**
 * The slices of a batch as training sees them. `step` int32 scalar keys the noise; the rest is in their draws [b, DRAWS].
 * Items are blended across slices.
 */
export function augment(problem: Problem, slices: readonly Batch[], step: Tensor): Batch[] {
  const { ops, task, augmentation, seed } = problem;
  if (!augmentation || !slices[0]!.draws) return [...slices];
  return ops.scope('augment', () => {
    const noise = noiseOf(ops, augmentation, slices, step, seed);
    const changed = slices.map(({ draws, ...batch }, i): Batch => {
      const x =
        augmentation.input.kind === 'image' ? changedImages(ops, augmentation, batch.x, draws!, noise?.[i]) : batch.x;
      const { y, present } = task.kind === 'regression' ? movedPoints(augmentation, task, batch, draws!) : batch;
      return { x, y, present };
    });
    if (augmentation.spec.mixup === 0) return changed;
    const draws = joined(slices.map((slice) => slice.draws!));
    return slicesOf(blended(ops, task, joinedBatch(changed), draws), problem);
  });
}

/** Standard normal numbers for every pixel of each slice; nothing where no noise is asked for. */
function noiseOf(
  ops: Ops,
  { spec, input }: AugmentationPlan,
  slices: readonly Batch[],
  step: Tensor,
  seed: number,
): Tensor[] | undefined {
  if (input.kind !== 'image' || spec.noise === 0) return undefined;
  const xs = slices.map(({ x }) => x);
  return cutAs(ops.normal([itemsOf(xs), ...xs[0]!.shape.slice(1)], step, hash32(`${seed}/augment`)), xs);
}

/** Column `at` of the draws, and those after it: [B, length]. */
const columns = (draws: Tensor, at: number, length = 1) => tf.slice(draws, [0, at], [draws.shape[0]!, length]);
/** One number for each item, to go with [B, ...] of `rank`. */
const each = (draws: Tensor, at: number, rank: number) =>
  tf.reshape(columns(draws, at), [draws.shape[0]!, ...Array(rank - 1).fill(1)]);

/** images [B, H, W, C] in [0, 1]; `noise` as many standard normal numbers */
function changedImages(ops: Ops, plan: AugmentationPlan, images: Tensor, draws: Tensor, noise: Tensor | undefined) {
  const { spec } = plan;
  const channels = images.shape[3]!;
  const number = (at: number) => each(draws, at, 4);
  let x = images;
  if (GEOMETRIC.some((t) => isOn(spec, t))) {
    const projective = tf.zeros([draws.shape[0]!, 2]);
    x = ops.transform(x, tf.concat([columns(draws, DRAW.pixels, 6), projective], 1));
  }
  const before = x;
  // Alpha, the fourth channel, moves with the others and keeps its value.
  const colours = channels === 4 ? tf.tensor([1, 1, 1, 0], [1, 1, 1, 4]) : null;
  const onColours = (change: Tensor) => (colours ? tf.mul(change, colours) : change);
  if (spec.erasing) {
    const inside = (length: number, axis: 1 | 2, from: number, to: number) => {
      const place = tf.reshape(tf.range(0, length), axis === 1 ? [1, length, 1, 1] : [1, 1, length, 1]);
      return tf.logicalAnd(tf.greaterEqual(place, number(from)), tf.less(place, number(to)));
    };
    const box = tf.logicalAnd(
      inside(x.shape[1]!, 1, DRAW.top, DRAW.bottom),
      inside(x.shape[2]!, 2, DRAW.left, DRAW.right),
    );
    x = tf.add(x, tf.mul(onColours(tf.cast(box, 'float32')), tf.sub(number(DRAW.grey), x)));
  }
  const recoloured = spec.saturation > 0 || spec.contrast > 0 || spec.brightness > 0 || spec.noise > 0;
  if (!recoloured) return x;
  const parts = channels === 1 ? [1] : GREY;
  const weighted = (weights: readonly number[]) =>
    tf.tensor([...weights, ...Array(channels - weights.length).fill(0)], [1, 1, 1, channels]);
  if (spec.saturation > 0) {
    const grey = tf.sum(tf.mul(x, weighted(parts)), 3, true);
    x = tf.add(grey, tf.mul(tf.sub(x, grey), number(DRAW.saturation)));
  }
  if (spec.contrast > 0) {
    const mean =
      channels === 4
        ? tf.mean(tf.sum(tf.mul(x, weighted([1 / 3, 1 / 3, 1 / 3])), 3, true), [1, 2], true)
        : tf.mean(x, [1, 2, 3], true);
    x = tf.add(mean, tf.mul(tf.sub(x, mean), number(DRAW.contrast)));
  }
  if (spec.brightness > 0) x = tf.add(x, number(DRAW.brightness));
  if (noise) x = tf.add(x, tf.mul(noise, spec.noise));
  x = tf.clipByValue(x, 0, 1);
  return colours ? tf.add(tf.mul(x, colours), tf.mul(before, tf.sub(1, colours))) : x;
}

/** Points move with the image, swap sides in a mirror image, and are missing once they lie outside. y is normalised, [B, T]. */
function movedPoints(
  { spec, input, points, mirror }: AugmentationPlan,
  { offset, scale, targets }: Extract<TaskSpec, { kind: 'regression' }>,
  { y, present }: Batch,
  draws: Tensor,
): Pick<Batch, 'y' | 'present'> {
  if (input.kind !== 'image' || points.length === 0 || !GEOMETRIC.some((t) => isOn(spec, t))) return { y, present };
  const number = (at: number) => columns(draws, at);
  // A product with a matrix of zeros and ones picks columns exactly, on every engine.
  const picker = (rows: number, places: (number | undefined)[]) => {
    const matrix = new Float32Array(rows * places.length);
    places.forEach((place, column) => {
      if (place !== undefined) matrix[place * places.length + column] = 1;
    });
    return tf.tensor2d(matrix, [rows, places.length]);
  };
  const pick = (from: Tensor, places: (number | undefined)[]) =>
    tf.matMul(from as never, picker(from.shape[1]!, places));
  const mirrored = number(DRAW.mirrored);
  /** Of each item's points, those of its mirror image where it is one. */
  const sided = (values: Tensor) =>
    mirror.some((partner, i) => partner !== i)
      ? tf.add(values, tf.mul(mirrored, tf.sub(pick(values, mirror), values)))
      : values;
  const pixels = tf.add(tf.mul(y, tf.tensor2d([scale])), tf.tensor2d([offset]));
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [x0, y0] = [sided(pick(pixels, xs)), sided(pick(pixels, ys))];
  const coordinate = (at: number) => tf.add(tf.add(tf.mul(number(at), x0), tf.mul(number(at + 1), y0)), number(at + 2));
  const [x, newY] = [coordinate(DRAW.point), coordinate(DRAW.point + 3)];
  const within = (value: Tensor, most: number) => tf.logicalAnd(tf.greaterEqual(value, 0), tf.lessEqual(value, most));
  let kept = tf.cast(tf.logicalAnd(within(x, input.width), within(newY, input.height)), 'float32');
  if (present) kept = tf.mul(kept, sided(tf.mul(pick(present, xs), pick(present, ys))));
  // Back into the targets' order; what is no coordinate stays as it was.
  const place = (values: Tensor, of: number[]) => {
    const at = Array.from({ length: targets }, (_, t) => (of.includes(t) ? of.indexOf(t) : undefined));
    return pick(values, at);
  };
  const others = tf.tensor2d([Array.from({ length: targets }, (_, t) => (xs.includes(t) || ys.includes(t) ? 0 : 1))]);
  const placed = tf.add(place(x, xs), place(newY, ys));
  const normalised = tf.div(tf.sub(placed, tf.mul(tf.tensor2d([offset]), tf.sub(1, others))), tf.tensor2d([scale]));
  const moved = tf.add(normalised, tf.mul(y, others));
  const known = tf.add(
    tf.add(place(kept, xs), place(kept, ys)),
    present ? tf.mul(present, others) : tf.mul(tf.onesLike(y), others),
  );
  return { y: tf.mul(moved, known), present: known };
}

/** Each item and its partner in the shares drawn; classes become shares of classes, float32 [B, K]. A target is present where both have it. */
function blended(ops: Ops, task: TaskSpec, { x, y, present }: Batch, draws: Tensor): Batch {
  const partner = tf.cast(tf.reshape(columns(draws, DRAW.partner), [draws.shape[0]!]), 'int32') as Tensor1D;
  const blend = (values: Tensor) => {
    const others = ops.rows(values, partner);
    return tf.add(others, tf.mul(each(draws, DRAW.share, values.rank), tf.sub(values, others)));
  };
  const targets = task.kind === 'classification' ? tf.cast(tf.oneHot(y as Tensor1D, task.classes), 'float32') : y;
  return {
    x: blend(x),
    y: blend(targets),
    present: present && tf.mul(present, ops.rows(present, partner)),
  };
}
