/** Items that evaluation and prediction take at once: about a million input numbers, so that a deep network's activations stay in some hundred megabytes. */
export function chunkSize(n: number, itemSize: number): number {
  return Math.min(n, 1024, Math.max(32, Math.floor(2 ** 20 / itemSize)));
}

/** Item numbers of each chunk, int32 [size], the last one filled up with its first item, and how many of them count. O(n). */
export function* chunks(n: number, size: number): Generator<{ indices: Int32Array; counted: number }> {
  for (let start = 0; start < n; start += size) {
    const counted = Math.min(size, n - start);
    yield { indices: Int32Array.from({ length: size }, (_, i) => start + (i < counted ? i : 0)), counted };
  }
}

/** float32 [size]: 1 for what counts, 0 for what fills up. */
export function countedMask(size: number, counted: number): Float32Array {
  return new Float32Array(size).fill(1, 0, counted);
}
