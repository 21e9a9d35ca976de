import { sfc32 } from '../random.ts';
import { epochOrder } from './shuffle.ts';

/** Against classes of unequal size. Both look at the train part alone. */

function countsOf(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/**
 * What an item of each class weighs so that all classes weigh alike together: items / (classes * items of the class)
 * (King and Zeng 2001, "Logistic regression in rare events data"). A class without items weighs 1. O(items).
 */
export function balancedWeights(labels: Int32Array, classes: number): number[] {
  const counts = countsOf(labels, classes);
  const seen = counts.filter((n) => n > 0).length;
  return counts.map((n) => (n > 0 ? labels.length / (seen * n) : 1));
}

/**
 * An epoch as long as the part that shows every class equally often, to within one: the items of a rare class come several times,
 * each equally often to within one, those of a frequent one not all. Depends on seed and epoch alone. int32 [items]. O(items).
 */
export function balancedOrder(labels: Int32Array, classes: number, seed: number, epoch: number): Int32Array {
  const n = labels.length;
  const items = new Map<number, number[]>();
  for (const at of epochOrder(n, seed, epoch)) {
    const label = labels[at]!;
    const of = items.get(label);
    if (of) of.push(at);
    else items.set(label, [at]);
  }
  const seen = Array.from({ length: classes }, (_, c) => items.get(c)).filter((of) => of !== undefined);
  // Which classes get the items that can't be shared out evenly changes with the epoch.
  const first = sfc32(0x51ed270b, epoch, seed)() % seen.length;
  const picked = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const of = seen[(first + i) % seen.length]!;
    picked[i] = of[Math.floor(i / seen.length) % of.length]!;
  }
  return epochOrder(n, seed + 1, epoch).map((at) => picked[at]!);
}
