import { type Attribute, attr, setAttribute } from './attributes.ts';
import { DType, dtypeOf, type NumberArray } from './dtypes.ts';
import { type Native, type Output, outputWords, type Pointer } from './ffi.ts';

/** A tensor of the graph: what TensorFlow itself inferred of it. */
export interface Node extends Output {
  shape: number[];
  dtype: number;
}
/** An operation that is run for what it does, such as setting a variable. */
export interface Target {
  oper: Pointer;
}
export interface Operation extends Target {
  outputs: Node[];
}
/** An input that is a list of tensors where the operation's definition says so. */
type Input = Output | readonly Output[];

/** Builds a TF_Graph one operation at a time; TensorFlow checks each at once and infers type attributes and shapes. */
export class GraphBuilder {
  readonly graph: Pointer;
  readonly native: Native;
  readonly #names = new Map<string, number>();
  #device: string | undefined;

  constructor(native: Native) {
    this.native = native;
    this.graph = native.c.TF_NewGraph();
  }

  /** A new operation and its outputs. `name` gets a number when taken. `after`: what must have run before. Throws TensorFlowError with the name in it. */
  operation(
    op: string,
    name: string,
    inputs: readonly Input[] = [],
    attributes: readonly Attribute[] = [],
    after: readonly Target[] = [],
  ): Operation {
    const { native } = this;
    const description = this.#new(op, name);
    for (const input of inputs) {
      if (Array.isArray(input)) native.c.TF_AddInputList(description, outputWords(input), input.length);
      else native.c.TF_AddInput(description, plain(input as Output));
    }
    for (const { oper } of after) native.c.TF_AddControlInput(description, oper);
    for (const attribute of attributes) setAttribute(native, 'TF_SetAttr', description, attribute);
    return this.#finish(description);
  }

  /** The one output of a new operation. */
  node(op: string, name: string, inputs: readonly Input[] = [], attributes: readonly Attribute[] = []): Node {
    return this.operation(op, name, inputs, attributes).outputs[0]!;
  }

  constant(name: string, data: NumberArray, shape: readonly number[] = [], dtype: number = dtypeOf(data)): Node {
    const { native } = this;
    const tensor = native.newTensor(dtype, shape, data);
    try {
      const description = this.#new('Const', name);
      native.c.TF_SetAttrType(description, 'dtype', dtype);
      native.checked((s) => native.c.TF_SetAttrTensor(description, 'value', tensor, s));
      return this.#finish(description).outputs[0]!;
    } finally {
      native.deleteTensor(tensor);
    }
  }

  placeholder(name: string, dtype: number, shape: readonly number[]): Node {
    return this.node('Placeholder', name, [], [attr.type('dtype', dtype), attr.shape('shape', shape)]);
  }

  /** Runs `f` with new operations on `device`. */
  onDevice<T>(device: string, f: () => T): T {
    const before = this.#device;
    this.#device = device;
    try {
      return f();
    } finally {
      this.#device = before;
    }
  }

  #new(op: string, name: string): Pointer {
    const description = this.native.c.TF_NewOperation(this.graph, op, this.#unique(name));
    if (this.#device) this.native.c.TF_SetDevice(description, this.#device);
    return description;
  }

  #finish(description: Pointer): Operation {
    const { native } = this;
    const oper = native.checked((s) => native.c.TF_FinishOperation(description, s)) as Pointer;
    const count = native.c.TF_OperationNumOutputs(oper) as number;
    return { oper, outputs: Array.from({ length: count }, (_, index) => this.#describe({ oper, index })) };
  }

  #describe(output: Output): Node {
    const { native } = this;
    const dtype = native.c.TF_OperationOutputType(output) as number;
    const rank =
      dtype === DType.resource
        ? 0
        : (native.checked((s) => native.c.TF_GraphGetTensorNumDims(this.graph, output, s)) as number);
    const dims = new BigInt64Array(Math.max(1, rank));
    if (rank > 0) native.checked((s) => native.c.TF_GraphGetTensorShape(this.graph, output, dims, rank, s));
    // Rank -1 and sizes of -1 mean that TensorFlow can't know before it runs; who needs the shape refuses it.
    return { ...output, dtype, shape: rank < 0 ? [-1] : Array.from(dims.subarray(0, rank), Number) };
  }

  #unique(name: string): string {
    const n = this.#names.get(name) ?? 0;
    this.#names.set(name, n + 1);
    return n ? `${name}_${n}` : name;
  }

  close(): void {
    this.native.c.TF_DeleteGraph(this.graph);
  }
}

const plain = ({ oper, index }: Output): Output => ({ oper, index });
