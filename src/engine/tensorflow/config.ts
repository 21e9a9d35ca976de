import type { Devices } from '../devices.ts';
import type { Hosts } from '../hosts.ts';

/**
 * What TensorFlow's graph rewriter may do. In steps that are built of fused kernels it found nothing to gain on CPUs (within 1 % on
 * seven networks) and took 25 to 280 ms for each program, so there it is off; on GPUs nobody has measured it. `bf16`: oneDNN's kernels
 * compute and keep activations in bfloat16 where it takes that for safe (matrix products and convolutions, not sums over many
 * numbers); variables, and so the weights, stay float32.
 */
export type Rewriter = 'off' | 'on' | 'bf16';

/**
 * ConfigProto (tensorflow/core/protobuf/config.proto) in wire format; seven fields need no protobuf library.
 * `intra`: threads of one operation; `inter`: of operations side by side; `devices`: all that there are.
 */
export function sessionConfig(
  { intra, inter }: { intra: number; inter: number },
  devices: Devices | undefined,
  rewriter: Rewriter,
): Uint8Array {
  const gpus = devices?.kind === 'gpu' ? [...text(5, devices.indices.join())] : []; // visible_device_list
  return Uint8Array.from([
    ...(devices?.kind === 'cpu' ? [...deviceCount('GPU', 0), ...deviceCount('CPU', devices.indices.length)] : []),
    ...field(2, intra), // intra_op_parallelism_threads
    ...field(5, inter), // inter_op_parallelism_threads
    ...message(6, [...field(4, 1), ...gpus]), // gpu_options.allow_growth: take memory as needed
    // graph_options.rewrite_options
    ...message(10, message(10, REWRITER[rewriter])),
    ...field(7, 1), // allow_soft_placement: what a GPU can't do runs on the CPU
  ]);
}

/** The job that all hosts are tasks of. */
export const JOB = 'worker';

/** ServerDef (tensorflow/core/protobuf/tensorflow_server.proto): the cluster, and who of it this process is. */
export function serverDefinition({ addresses, task }: Hosts): Uint8Array {
  const tasks = addresses.flatMap((address, i) => message(2, [...field(1, i), ...text(2, address)]));
  const cluster = message(1, [...text(1, JOB), ...tasks]);
  return Uint8Array.from([...message(1, cluster), ...text(2, JOB), ...field(3, task), ...text(5, 'grpc')]);
}

/** RunOptions of the same file: inter_op_thread_pool = -1 runs every operation on the calling thread. */
export const ON_CALLING_THREAD = Uint8Array.from([3 << 3, ...Array(9).fill(0xff), 1]);

/** RewriterConfig: nothing, disable_meta_optimizer, or auto_mixed_precision_onednn_bfloat16. */
const REWRITER: Record<Rewriter, number[]> = { on: [], off: field(19, 1), bf16: field(31, 1) };

/** One entry of device_count. */
const deviceCount = (kind: string, count: number) => message(1, [...text(1, kind), ...field(2, count)]);
function field(number: number, value: number): number[] {
  return [...varint(number << 3), ...varint(value)];
}

const message = (number: number, bytes: readonly number[]) => [(number << 3) | 2, ...varint(bytes.length), ...bytes];
const text = (number: number, value: string) => message(number, [...Buffer.from(value)]);

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
