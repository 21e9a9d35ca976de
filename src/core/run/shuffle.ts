import { sfc32 } from '../random.ts';

/** A random order of 0..n-1 that depends on seed and epoch alone, so that a resumed run sees the same batches. int32 [n]. O(n). */
export function epochOrder(n: number, seed: number, epoch: number): Int32Array {
  const next = sfc32(0x9e3779b9, epoch, seed);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = below(next, i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}

/** Uniform in 0..limit-1 without modulo bias: draws that fall into the incomplete last round are drawn again. */
function below(next: () => number, limit: number): number {
  const rounds = 2 ** 32 - (2 ** 32 % limit);
  let draw = next();
  while (draw >= rounds) draw = next();
  return draw % limit;
}
