/** Items that evaluation and prediction take at once: about a million input numbers, so that a deep network's activations stay in some hundred megabytes. */
export function chunkSize(n: number, itemSize: number): number {
  return Math.min(n, 1024, Math.max(32, Math.floor(2 ** 20 / itemSize)));
}

export interface Chunk {
  /** Item numbers, int32 [size]. */
  indices: Int32Array;
  /** How many of them count. */
  counted: number;
}

/** A part's items in order; the last chunk is filled up with its first item. O(n). */
export function* chunks(n: number, size: number): Generator<Chunk, undefined> {
  for (let start = 0; start < n; start += size) {
    const counted = Math.min(size, n - start);
    yield { indices: Int32Array.from({ length: size }, (_, i) => start + (i < counted ? i : 0)), counted };
  }
  return undefined;
}

/** `indices` in pieces of at most `size`. */
export function pieces(indices: Int32Array, size: number): Int32Array[] {
  const count = Math.ceil(indices.length / size);
  return Array.from({ length: count }, (_, i) => indices.subarray(i * size, (i + 1) * size));
}

/** float32 [size]: 1 for what counts, 0 for what fills up. */
export function countedMask(size: number, counted: number): Float32Array {
  return new Float32Array(size).fill(1, 0, counted);
}
