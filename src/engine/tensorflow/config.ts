import type { Devices } from '../devices.ts';

/** ConfigProto (tensorflow/core/protobuf/config.proto) in wire format; six fields need no protobuf library. `devices`: all that there are. */
export function sessionConfig(threads: number, devices?: Devices): Uint8Array {
  const gpus = devices?.kind === 'gpu' ? [...text(5, devices.indices.join())] : []; // visible_device_list
  return Uint8Array.from([
    ...(devices?.kind === 'cpu' ? [...deviceCount('GPU', 0), ...deviceCount('CPU', devices.indices.length)] : []),
    ...field(2, threads), // intra_op_parallelism_threads
    ...field(5, threads), // inter_op_parallelism_threads
    ...message(6, [...field(4, 1), ...gpus]), // gpu_options.allow_growth: take memory as needed
    ...field(7, 1), // allow_soft_placement: what a GPU can't do runs on the CPU
  ]);
}

/** RunOptions of the same file: inter_op_thread_pool = -1 runs every operation on the calling thread. */
export const ON_CALLING_THREAD = Uint8Array.from([3 << 3, ...Array(9).fill(0xff), 1]);

/** One entry of device_count. */
const deviceCount = (kind: string, count: number) => message(1, [...text(1, kind), ...field(2, count)]);
const field = (number: number, value: number) => [number << 3, ...varint(value)];
const message = (number: number, bytes: readonly number[]) => [(number << 3) | 2, ...varint(bytes.length), ...bytes];
const text = (number: number, value: string) => message(number, [...Buffer.from(value)]);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
