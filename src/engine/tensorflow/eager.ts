import { type Attribute, setAttribute } from './attributes.ts';
import { DType, itemCount, type NumberArray } from './dtypes.ts';
import type { Device, Native, Pointer } from './ffi.ts';

export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}
/** What tfjs-node's backend asks of its native half (TFJSBinding), as far as its kernels use it. */
export interface Binding {
  createTensor(shape: number[], dtype: number, data: NumberArray | number[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): NumberArray;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[];
}

/** Runs operations one by one, at once (TFE_*): what tfjs's own backend does, without a compiled add-on. */
export class EagerBinding implements Binding {
  readonly devices: Device[];
  readonly #native: Native;
  readonly #context: Pointer;
  readonly #device: string | undefined;
  readonly #handles = new Map<number, Pointer>();
  readonly #results = new BigUint64Array(64);
  readonly #resultCount = new Int32Array(1);
  #next = 0;

  constructor(native: Native, config: Uint8Array) {
    this.#native = native;
    const { c } = native;
    const options = c.TFE_NewContextOptions();
    try {
      native.checked((s) => c.TFE_ContextOptionsSetConfig(options, config, config.length, s));
      this.#context = native.checked((s) => c.TFE_NewContext(options, s));
    } finally {
      c.TFE_DeleteContextOptions(options);
    }
    this.devices = native.takeDevices(native.checked((s) => c.TFE_ContextListDevices(this.#context, s)));
    this.#device = this.devices.find((d) => d.type === 'GPU')?.name;
  }

  get liveHandles(): number {
    return this.#handles.size;
  }

  createTensor(shape: number[], dtype: number, data: NumberArray | number[]): number {
    const native = this.#native;
    const numbers = typed(dtype, data);
    if (numbers.length !== itemCount(shape) * (dtype === DType.complex64 ? 2 : 1))
      throw new Error(`Shape [${shape.join(', ')}] does not hold ${numbers.length} numbers`);
    const tensor = native.newTensor(dtype, shape, numbers);
    let handle: Pointer;
    try {
      handle = native.checked((s) => native.c.TFE_NewTensorHandle(tensor, s));
    } finally {
      native.deleteTensor(tensor);
    }
    if (!this.#device || dtype === DType.int32) return this.#keep(handle);
    // Shapes and axes are int32 and stay in the host's memory; TensorFlow wants them there.
    try {
      return this.#keep(
        native.checked((s) => native.c.TFE_TensorHandleCopyToDevice(handle, this.#context, this.#device, s)),
      );
    } finally {
      native.c.TFE_DeleteTensorHandle(handle);
    }
  }

  deleteTensor(id: number): void {
    this.#native.c.TFE_DeleteTensorHandle(this.#handle(id));
    this.#handles.delete(id);
  }

  tensorDataSync(id: number): NumberArray {
    const native = this.#native;
    return native.takeTensor(native.checked((s) => native.c.TFE_TensorHandleResolve(this.#handle(id), s)));
  }

  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[] {
    const native = this.#native;
    const { c } = native;
    const op = native.checked((s) => c.TFE_NewOp(this.#context, name, s)) as Pointer;
    try {
      for (const attribute of attributes) setAttribute(native, 'TFE_OpSetAttr', op, attribute);
      if (this.#device) native.checked((s) => c.TFE_OpSetDevice(op, this.#device, s));
      for (const input of inputs) native.checked((s) => c.TFE_OpAddInput(op, this.#handle(input), s));
      this.#resultCount[0] = this.#results.length;
      native.checked((s) => c.TFE_Execute(op, this.#results, this.#resultCount, s));
      const made = Array.from(this.#results.subarray(0, this.#resultCount[0]), (handle) => this.#describe(handle));
      // The first outputs are what the kernel wants; some operations have more.
      for (const { id } of made.splice(outputs)) this.deleteTensor(id);
      return made;
    } finally {
      c.TFE_DeleteOp(op);
    }
  }

  #describe(handle: Pointer): TensorMetadata {
    const native = this.#native;
    const rank = native.checked((s) => native.c.TFE_TensorHandleNumDims(handle, s)) as number;
    const shape = Array.from({ length: rank }, (_, i) =>
      Number(native.checked((s) => native.c.TFE_TensorHandleDim(handle, i, s))),
    );
    return { id: this.#keep(handle), shape, dtype: native.c.TFE_TensorHandleDataType(handle) };
  }

  #keep(handle: Pointer): number {
    this.#handles.set(this.#next, handle);
    return this.#next++;
  }

  #handle(id: number): Pointer {
    const handle = this.#handles.get(id);
    if (handle === undefined) throw new Error(`Tensor ${id} is not alive`);
    return handle;
  }
}

/** tfjs hands plain arrays for small tensors. */
export function typed(dtype: number, data: NumberArray | number[]): NumberArray {
  if (!Array.isArray(data))
    return dtype === DType.float32 && !(data instanceof Float32Array) ? Float32Array.from(data) : data;
  if (dtype === DType.float32) return Float32Array.from(data);
  return dtype === DType.int32 ? Int32Array.from(data) : Uint8Array.from(data);
}
