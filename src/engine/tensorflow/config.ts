/** ConfigProto (tensorflow/core/protobuf/config.proto) in wire format; four fields need no protobuf library. */
export function sessionConfig(threads: number): Uint8Array {
  const field = (number: number, value: number) => [number << 3, ...varint(value)];
  const allowGrowth = field(4, 1);
  return Uint8Array.from([
    ...field(2, threads), // intra_op_parallelism_threads
    ...field(5, threads), // inter_op_parallelism_threads
    ...[(6 << 3) | 2, allowGrowth.length, ...allowGrowth], // gpu_options.allow_growth: take memory as needed
    ...field(7, 1), // allow_soft_placement: what a GPU can't do runs on the CPU
  ]);
}

/** RunOptions of the same file: inter_op_thread_pool = -1 runs every operation on the calling thread. */
export const ON_CALLING_THREAD = Uint8Array.from([3 << 3, ...Array(9).fill(0xff), 1]);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
