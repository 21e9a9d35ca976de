/** A random order of 0..n-1 that depends on seed and epoch alone, so that a resumed run sees the same batches. int32 [n]. O(n). */
export function epochOrder(n: number, seed: number, epoch: number): Int32Array {
  const next = sfc32(seed, epoch);
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

/** Doty-Humphrey's "small fast counting" generator with 32-bit words, from PractRand; passes its tests to 32 TB. */
function sfc32(seed: number, stream: number): () => number {
  let a = 0x9e3779b9;
  let b = stream >>> 0;
  let c = seed >>> 0;
  let counter = 1;
  const next = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
