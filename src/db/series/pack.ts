/** Points of a block as bytes: steps int32, times float64, values float64, little-endian whatever the machine. */

export interface PackedPoints {
  steps: Buffer;
  times: Buffer;
  values: Buffer;
}

export interface UnpackedPoints {
  steps: number[];
  /** Unix ms */
  times: number[];
  values: number[];
}

/** Points `begin` to `end` (excluded). O(points). */
export function pack(
  points: { steps: ArrayLike<number>; times: ArrayLike<number>; values: ArrayLike<number> },
  begin: number,
  end: number,
): PackedPoints {
  const n = end - begin;
  const packed = {
    steps: Buffer.allocUnsafe(n * 4),
    times: Buffer.allocUnsafe(n * 8),
    values: Buffer.allocUnsafe(n * 8),
  };
  for (let i = 0; i < n; i++) {
    packed.steps.writeInt32LE(points.steps[begin + i]!, i * 4);
    packed.times.writeDoubleLE(points.times[begin + i]!, i * 8);
    packed.values.writeDoubleLE(points.values[begin + i]!, i * 8);
  }
  return packed;
}

/** Adds a block's points whose step is above `afterStep` to `into`. O(points). */
export function unpackInto(into: UnpackedPoints, packed: PackedPoints, afterStep: number): void {
  const n = packed.steps.length / 4;
  for (let i = 0; i < n; i++) {
    const step = packed.steps.readInt32LE(i * 4);
    if (step <= afterStep) continue;
    into.steps.push(step);
    into.times.push(packed.times.readDoubleLE(i * 8));
    into.values.push(packed.values.readDoubleLE(i * 8));
  }
}

/** How many of the first points have step <= `step`: steps increase, so O(log points). */
export function countUpTo(steps: Buffer, step: number): number {
  let low = 0;
  let high = steps.length / 4;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps.readInt32LE(middle * 4) <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}
