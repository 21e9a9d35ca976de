import type { Tensor } from '@tensorflow/tfjs';
import type { Devices } from '../devices.ts';
import type { Hosts } from '../hosts.ts';
import { onBackend, requireCjs, tf } from '../tfjs.ts';
import { type Attribute, AttrType } from './attributes.ts';
import { JOB, type Rewriter, serverDefinition, sessionConfig } from './config.ts';
import { DType, type NumberArray } from './dtypes.ts';
import { type Binding, EagerBinding, type TensorMetadata } from './eager.ts';
import { type Device, Native } from './ffi.ts';
import type { GraphBuilder, Node } from './graph.ts';
import { type RecordedOperation, TraceBinding } from './trace.ts';

/** tfjs-node's backend, as far as it is used here. */
interface NodeBackend {
  binding: unknown;
  createOutputTensor(metadata: TensorMetadata): Tensor;
  getInputTensorIds(tensors: Tensor[]): number[];
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** Hears of an operation's first output, which it may read. */
type Watcher = (op: string, dtype: number, read: () => NumberArray) => void;

export const BACKEND = 'tensorflow';

/** TensorFlow in this process: its library, its eager context as tfjs's backend, and the way to record tfjs into a graph. */
export class Runtime {
  readonly native: Native;
  readonly eager: EagerBinding;
  readonly threads: number;
  readonly version: string;
  readonly devices: Devices | undefined;
  readonly hosts: Hosts | undefined;
  #target: string | undefined;
  readonly #backend: NodeBackend;
  /** by the threads of an operation */
  readonly #eagers = new Map<number, EagerBinding>();

  constructor(libraryFile: string, threads: number, devices?: Devices, hosts?: Hosts) {
    this.native = new Native(libraryFile);
    this.threads = threads;
    this.devices = devices;
    this.hosts = hosts;
    this.version = this.native.c.TF_Version();
    this.eager = new EagerBinding(this.native, this.sessionConfig(threads));
    this.#eagers.set(threads, this.eager);
    const { NodeJSKernelBackend } = requireCjs('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js');
    this.#backend = new NodeJSKernelBackend(this.#hosted(this.eager), '@tensorflow/tfjs-node-gpu');
    requireCjs('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
    tf.registerBackend(BACKEND, () => this.#backend as never);
    onBackend(BACKEND, () => tf.scalar(0));
  }

  /** Tensors alive in TensorFlow on this process's behalf. */
  get liveTensors(): number {
    return this.native.liveTensors + [...this.#eagers.values()].reduce((sum, eager) => sum + eager.liveHandles, 0);
  }

  /** `intra`: threads of one operation. Sessions and the eager context must agree on devices: TensorFlow makes them once a process. */
  sessionConfig(intra: number, rewriter: Rewriter = 'off'): Uint8Array {
    // Operations of all sessions share the threads that the process's first one asked for.
    return sessionConfig({ intra, inter: this.threads }, this.devices, rewriter);
  }

  /** What it computes on: the GPUs that it sees, else the CPUs. */
  get computing(): Device[] {
    const { devices } = this.eager;
    const gpus = devices.filter((d) => d.type === 'GPU');
    return gpus.length > 0 ? gpus : devices.filter((d) => d.type === 'CPU');
  }

  get onGpu(): boolean {
    return this.computing[0]!.type === 'GPU';
  }

  /** One operation of TensorFlow on tfjs tensors, eager or traced. */
  execute(op: string, inputs: Tensor[], attributes: Attribute[], outputs = 1): Tensor[] {
    return this.#backend.executeMultipleOutputs(op, attributes, inputs, outputs);
  }

  /**
   * Records what `f` does with tfjs tensors as operations of `builder`'s graph, named under `prefix`.
   * `f` gets `tensor`, which makes a node a tfjs tensor, and `node`, which gives the node behind one. Synchronous.
   */
  trace<T>(builder: GraphBuilder, prefix: string, f: (trace: Trace) => T): T {
    const recorder = new TraceBinding(builder);
    recorder.scope = prefix;
    this.#recorder = recorder;
    const eager = this.#backend.binding;
    this.#backend.binding = this.#hosted(recorder);
    try {
      return onBackend(BACKEND, () =>
        f({
          tensor: (node) => this.#backend.createOutputTensor(recorder.add(node)),
          node: (tensor) => recorder.node(this.#backend.getInputTensorIds([tensor])[0]!),
          recorded: recorder.recorded,
        }),
      );
    } finally {
      this.#backend.binding = eager;
      this.#recorder = undefined;
    }
  }

  /**
   * Runs `f` eagerly with so many threads for each operation. A sum over two threads is rounded otherwise than one over one, so
   * what is to be compared with a session must be computed on as many. So must what computes the same shapes on JavaScript's thread
   * as a session that runs in place: oneDNN keeps kernels by thread and shape, cut for as many threads as they were first made for.
   * Synchronous; tensors made in it end with it.
   */
  onThreads<T>(threads: number, f: () => T): T {
    const before = this.#backend.binding;
    let eager = this.#eagers.get(threads);
    if (!eager) {
      eager = new EagerBinding(this.native, this.sessionConfig(threads));
      this.#eagers.set(threads, eager);
    }
    this.#backend.binding = this.#hosted(eager);
    try {
      return f();
    } finally {
      this.#backend.binding = before;
    }
  }

  /** Runs `f` eagerly and tells of each operation's first output. Synchronous. */
  watched(see: Watcher, f: () => void): void {
    this.#see = see;
    try {
      f();
    } finally {
      this.#see = undefined;
    }
  }

  #recorder: TraceBinding | undefined;

  /** The scope of operations being recorded; nothing while they run at once. */
  get scope(): string {
    return this.#recorder?.scope ?? '';
  }

  /** Runs `f` with the names of recorded operations under `scope`. */
  scoped<T>(scope: string, f: () => T): T {
    const recorder = this.#recorder;
    if (!recorder) return f();
    const before = recorder.scope;
    recorder.scope = scope;
    try {
      return f();
    } finally {
      recorder.scope = before;
    }
  }

  /** Joins the hosts and returns where sessions reach all of them. Once a process; a server lives as long as that. */
  serve(hosts: Hosts): string {
    if (this.#target !== undefined) return this.#target;
    const { native } = this;
    const definition = serverDefinition(hosts);
    const server = native.checked((s) => native.c.TF_NewServer(definition, definition.length, s));
    native.checked((s) => native.c.TF_ServerStart(server, s));
    this.#target = native.c.TF_ServerTarget(server) as string;
    return this.#target;
  }

  /** Runs `f` with recorded operations on one of the devices, where there are several. */
  onDevice<T>(index: number, f: () => T): T {
    const recorder = this.#recorder;
    const { computing, hosts } = this;
    if (recorder && hosts) return recorder.onDevice(`/job:${JOB}/replica:0/task:${index % hosts.addresses.length}`, f);
    if (!recorder || computing.length === 1) return f();
    return recorder.onDevice(`/device:${computing[index % computing.length]!.type}:${index % computing.length}`, f);
  }

  #see: Watcher | undefined;

  #watched(binding: Binding): Binding['executeOp'] {
    return (op, attributes, inputs, outputs) => {
      const made = binding.executeOp(op, attributes, inputs, outputs);
      this.#see?.(op, made[0]!.dtype, () => binding.tensorDataSync(made[0]!.id));
      return made;
    };
  }

  #hosted(binding: Binding) {
    return {
      TF_FLOAT: DType.float32,
      TF_INT32: DType.int32,
      TF_INT64: DType.int64,
      TF_BOOL: DType.bool,
      TF_COMPLEX64: DType.complex64,
      TF_STRING: DType.string,
      TF_RESOURCE: DType.resource,
      TF_UINT8: DType.uint8,
      TF_ATTR_STRING: AttrType.string,
      TF_ATTR_INT: AttrType.int,
      TF_ATTR_FLOAT: AttrType.float,
      TF_ATTR_BOOL: AttrType.bool,
      TF_ATTR_TYPE: AttrType.type,
      TF_ATTR_SHAPE: AttrType.shape,
      TF_Version: this.version,
      isUsingGpuDevice: () => this.onGpu,
      createTensor: binding.createTensor.bind(binding),
      deleteTensor: binding.deleteTensor.bind(binding),
      tensorDataSync: binding.tensorDataSync.bind(binding),
      executeOp: this.#watched(binding),
    };
  }
}

let shared: Runtime | undefined;

/** TensorFlow makes its devices and threads once a process: a second engine shares them, and their number of threads. */
export function sharedRuntime(libraryFile: string, threads: number, devices?: Devices, hosts?: Hosts): Runtime {
  shared ??= new Runtime(libraryFile, threads, devices, hosts);
  return shared;
}

export interface Trace {
  tensor(node: Node): Tensor;
  node(tensor: Tensor): Node;
  recorded: readonly RecordedOperation[];
}
