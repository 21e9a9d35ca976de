import koffi, { type LibraryHandle } from 'koffi';
import { arrayOf, itemCount, type NumberArray } from './dtypes.ts';
import { SIGNATURES } from './signatures.ts';

/**
 * The one file that touches foreign memory. Pointers are bare numbers to the rest of the engine:
 * a wrong one crashes the process, so nothing outside reads, writes, allocates or frees through one.
 */

export type Pointer = bigint;
/** One output of one operation; passed to C by value. */
export interface Output {
  oper: Pointer;
  index: number;
}
type KoffiFunction = ReturnType<LibraryHandle['func']>;
type CApi = { readonly [name in keyof typeof SIGNATURES]: KoffiFunction };

export class TensorFlowError extends Error {
  /** TF_Code: 3 invalid argument, 8 resource exhausted, ... */
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'TensorFlowError';
    this.code = code;
  }
}

export interface Device {
  /** /job:localhost/replica:0/task:0/device:CPU:0 */
  name: string;
  /** CPU, GPU */
  type: string;
  /** What TensorFlow may take of a GPU; means nothing on a CPU. */
  memoryBytes: number;
}

/** C memory that JavaScript also sees: `values` is valid until `free`. */
export interface SharedMemory {
  address: Pointer;
  values: BigUint64Array;
  free(): void;
}

export class Native {
  readonly c: CApi;
  /** TF_Tensors made and not deleted: a leak shows here. */
  liveTensors = 0;
  readonly #status: Pointer;
  readonly #memcpy: KoffiFunction;
  readonly #strings = new Map<string, Pointer>();

  /** Loads libtensorflow_cc.so.2; its own folder holds the framework library that it needs. */
  constructor(libraryFile: string) {
    // TensorFlow optimises a graph on the calling thread; koffi's default stack for async calls is 128 KiB and overflows.
    koffi.config({ ...koffi.config(), sync_stack_size: 8 << 20, async_stack_size: 8 << 20 });
    const libc = koffi.load(null);
    const setenv = libc.func('setenv', 'int', ['str', 'str', 'int']);
    // Read while the library loads. oneDNN is the largest lever on a CPU: 1.5 to 3 times on convolutional networks.
    setenv('TF_ENABLE_ONEDNN_OPTS', '1', 0);
    // Each session gets the threads that its config asks for, instead of those of the process's first.
    setenv('TF_OVERRIDE_GLOBAL_THREADPOOL', '1', 0);
    setenv('TF_CPP_MIN_LOG_LEVEL', '2', 0);
    this.#memcpy = libc.func('memcpy', 'void *', ['void *', 'void *', 'size_t']);
    koffi.struct('TF_Output', { oper: 'void *', index: 'int' });
    const library = load(libraryFile);
    this.c = Object.fromEntries(
      Object.entries(SIGNATURES).map(([name, [result, ...parameters]]) => [
        name,
        library.func(name, result, parameters),
      ]),
    ) as CApi;
    this.#status = this.c.TF_NewStatus();
  }

  /** Calls `f` with the shared status and throws TensorFlowError when it comes back with one. Synchronous calls only. */
  checked<T>(f: (status: Pointer) => T): T {
    const result = f(this.#status);
    this.check(this.#status);
    return result;
  }

  check(status: Pointer): void {
    const code = this.c.TF_GetCode(status) as number;
    if (code) throw new TensorFlowError(code, this.c.TF_Message(status));
  }

  /** A C string that lives as long as the process: the eager API keeps attribute names by address. One a name. */
  persistent(text: string): Pointer {
    let address = this.#strings.get(text);
    if (address === undefined) {
      const bytes = Buffer.from(`${text}\0`);
      address = koffi.alloc('uint8_t', bytes.length) as Pointer;
      this.#memcpy(address, bytes, bytes.length);
      this.#strings.set(text, address);
    }
    return address;
  }

  /** A TF_Tensor in TensorFlow's own aligned memory, filled from `data` (else left as it is). */
  newTensor(dtype: number, shape: readonly number[], data?: NumberArray): Pointer {
    const bytes = data?.byteLength ?? arrayOf(dtype, itemCount(shape))!.byteLength;
    const tensor = this.c.TF_AllocateTensor(dtype, int64s(shape), shape.length, bytes) as Pointer;
    if (data && bytes) this.#memcpy(this.c.TF_TensorData(tensor), data, bytes);
    this.liveTensors++;
    return tensor;
  }

  /** Overwrites the numbers of a tensor that `newTensor` made with as many of the same type. */
  writeTensor(tensor: Pointer, data: NumberArray): void {
    if (Number(this.c.TF_TensorByteSize(tensor)) !== data.byteLength)
      throw new Error(`Tensor of ${this.c.TF_TensorByteSize(tensor)} bytes can't take ${data.byteLength}`);
    this.#memcpy(this.c.TF_TensorData(tensor), data, data.byteLength);
  }

  deleteTensor(tensor: Pointer): void {
    this.c.TF_DeleteTensor(tensor);
    this.liveTensors--;
  }

  /** Copies a tensor's numbers out. A copy, since a view on memory that TensorFlow frees would dangle. */
  readTensor(tensor: Pointer): NumberArray {
    const dtype = this.c.TF_TensorType(tensor) as number;
    let items = 1;
    for (let i = this.c.TF_NumDims(tensor) as number; i-- > 0; ) items *= Number(this.c.TF_Dim(tensor, i));
    const data = arrayOf(dtype, items);
    if (!data) throw new Error(`A tensor of TensorFlow type ${dtype} can't be read`);
    if (data.byteLength !== Number(this.c.TF_TensorByteSize(tensor))) throw new Error('Tensor of unexpected length');
    if (data.byteLength) this.#memcpy(data, this.c.TF_TensorData(tensor), data.byteLength);
    return data;
  }

  /** Reads a tensor that a call of TensorFlow returned, and frees it. */
  takeTensor(tensor: Pointer): NumberArray {
    try {
      return this.readTensor(tensor);
    } finally {
      this.c.TF_DeleteTensor(tensor);
    }
  }

  /** `words` 64-bit words that C keeps reading and writing after a call returns (arguments of asynchronous runs). */
  shared(words: number): SharedMemory {
    const address = koffi.alloc('uint64_t', Math.max(1, words)) as Pointer;
    return {
      address,
      values: new BigUint64Array(koffi.view(address, Math.max(1, words) * 8)),
      free: () => koffi.free(address),
    };
  }

  /** Of a TF_DeviceList, which is freed. */
  takeDevices(list: Pointer): Device[] {
    const devices = Array.from({ length: this.c.TF_DeviceListCount(list) as number }, (_, i) => ({
      name: this.checked((s) => this.c.TF_DeviceListName(list, i, s)) as string,
      type: this.checked((s) => this.c.TF_DeviceListType(list, i, s)) as string,
      memoryBytes: Number(this.checked((s) => this.c.TF_DeviceListMemoryBytes(list, i, s))),
    }));
    this.c.TF_DeleteDeviceList(list);
    return devices;
  }
}

function load(file: string): LibraryHandle {
  try {
    return koffi.load(file);
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

export function int64s(values: readonly number[]): BigInt64Array {
  const words = new BigInt64Array(Math.max(1, values.length));
  values.forEach((v, i) => {
    words[i] = BigInt(v);
  });
  return words;
}

/** TF_Output[]: a pointer and a 32-bit index, padded to 16 bytes each. */
export function outputWords(
  outputs: readonly Output[],
  into: BigUint64Array = new BigUint64Array(2 * outputs.length || 1),
): BigUint64Array {
  outputs.forEach(({ oper, index }, i) => {
    into[2 * i] = oper;
    into[2 * i + 1] = BigInt(index);
  });
  return into;
}
