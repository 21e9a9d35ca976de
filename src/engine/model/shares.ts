import type { Tensor } from '@tensorflow/tfjs';
import { hash32 } from '#core/hash32.ts';
import { tf } from '../tfjs.ts';
import type { Batch, Problem } from './problem.ts';

/**
 * One batch in several shares of its items, all computed with the same weights.
 *
 * Replicas have a device each: what their shares give is added up and makes one update, as one device with the whole batch would.
 * What looks at several items at once sees a replica's share alone: batch norm in training (its running statistics are the
 * replicas' mean, by their items) and mixup.
 *
 * Slices have a thread of one device each: what looks at several items sees all of them, so that the batch is cut without a trace
 * but rounding.
 */

export interface Share {
  start: number;
  items: number;
}

/** Shares of `size` items, as even as can be; no more than there are items. */
export function sharesOf(size: number, shares: number): Share[] {
  const n = Math.min(size, shares);
  return Array.from({ length: n }, (_, r) => {
    const start = Math.floor((r * size) / n);
    return { start, items: Math.floor(((r + 1) * size) / n) - start };
  });
}

export function shareOf({ x, y, present, draws }: Batch, { start, items }: Share): Batch {
  const rows = (t: Tensor) => tf.slice(t, start, items);
  return { x: rows(x), y: rows(y), present: present && rows(present), draws: draws && rows(draws) };
}

/** The batch in the slices that its problem is computed in. */
export function slicesOf(batch: Batch, { slices }: Problem): Batch[] {
  const shares = sharesOf(batch.x.shape[0]!, slices);
  return shares.length === 1 ? [batch] : shares.map((share) => shareOf(batch, share));
}

export function joined(slices: readonly Tensor[]): Tensor {
  return slices.length === 1 ? slices[0]! : tf.concat([...slices]);
}

export function joinedBatch(slices: readonly Batch[]): Batch {
  return {
    x: joined(slices.map(({ x }) => x)),
    y: joined(slices.map(({ y }) => y)),
    present: slices[0]!.present && joined(slices.map(({ present }) => present!)),
  };
}

/** Items of all slices together. */
export function itemsOf(slices: readonly Tensor[]): number {
  return slices.reduce((items, x) => items + x.shape[0]!, 0);
}

/** Rows of `whole` [B, ...], as many for each slice as it has items: what is drawn at random is the same however a batch is cut. */
export function cutAs(whole: Tensor, slices: readonly Tensor[]): Tensor[] {
  return slices.length === 1
    ? [whole]
    : tf.split(
        whole,
        slices.map((x) => x.shape[0]!),
      );
}

/** Replicas draw different masks and noise; the first one draws what a single device would. */
export function ofReplica(problem: Problem, replica: number): Problem {
  const seed = replica === 0 ? problem.seed : hash32(`${problem.seed}/replica ${replica}`);
  return { ...problem, seed, replicas: 1 };
}

/** Means by items, of what each replica gives under the same name. */
export function meanByItems(
  maps: readonly ReadonlyMap<string, Tensor>[],
  shares: readonly Share[],
): Map<string, Tensor> {
  const size = shares.reduce((sum, { items }) => sum + items, 0);
  return byName(maps, (values) => tf.addN(values.map((value, r) => tf.mul(value, shares[r]!.items / size))));
}

export function sumOf(maps: readonly ReadonlyMap<string, Tensor>[]): Map<string, Tensor> {
  return byName(maps, (values) => tf.addN(values));
}

function byName(maps: readonly ReadonlyMap<string, Tensor>[], f: (values: Tensor[]) => Tensor): Map<string, Tensor> {
  return new Map([...maps[0]!.keys()].map((name) => [name, f(maps.map((map) => map.get(name)!))]));
}
