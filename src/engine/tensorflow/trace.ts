import type { Attribute } from './attributes.ts';
import type { NumberArray } from './dtypes.ts';
import { type Binding, type TensorMetadata, typed } from './eager.ts';
import type { GraphBuilder, Node } from './graph.ts';

/** Operations whose definition takes a list of tensors; the number is that of the single inputs after the list. */
const LISTS: Record<string, number> = { AddN: 0, Pack: 0, ConcatV2: 1 };
/** Ids apart from the eager tensors': using one for the other is an error, not a wrong number. */
const FIRST_ID = 2 ** 40;

/** One operation of a trace, in the order in which it was recorded. */
export interface RecordedOperation {
  op: string;
  /** its node's name: train64/conv1/gradient/Conv2DBackpropFilter */
  name: string;
  output: Node;
}

/** Turns the operations that tfjs runs into operations of a graph. Nothing is computed: TensorFlow's shape inference answers instead. */
export class TraceBinding implements Binding {
  /** Prefix of the names of new operations: "step64/conv1". */
  scope = '';
  readonly recorded: RecordedOperation[] = [];
  readonly #builder: GraphBuilder;
  readonly #nodes = new Map<number, Node>();

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  /** Runs `f` with new operations on `device`: /device:CPU:1. */
  onDevice<T>(device: string, f: () => T): T {
    return this.#builder.onDevice(device, f);
  }

  /** Makes a tensor of the graph known to tfjs. */
  add(node: Node): TensorMetadata {
    const id = FIRST_ID + this.#nodes.size;
    this.#nodes.set(id, node);
    return { id, shape: [...node.shape], dtype: node.dtype };
  }

  node(id: number): Node {
    const node = this.#nodes.get(id);
    if (!node) throw new Error(`${this.scope}: a traced step reads a tensor that was made outside of it`);
    return node;
  }

  createTensor(shape: number[], dtype: number, data: NumberArray | number[]): number {
    return this.add(this.#builder.constant(`${this.scope}/const`, typed(dtype, data), shape, dtype)).id;
  }

  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[] {
    const nodes = inputs.map((id) => this.node(id));
    const rest = LISTS[op];
    const grouped =
      rest === undefined ? nodes : [nodes.slice(0, nodes.length - rest), ...nodes.slice(nodes.length - rest)];
    const made = this.#builder.operation(op, `${this.scope}/${op}`, grouped, attributes).outputs.slice(0, outputs);
    // Later outputs are handed on to the operation's own gradient alone.
    if (made[0]?.shape.includes(-1))
      throw new Error(`${this.scope}/${op}: its shape depends on the data, so the step can't be compiled`);
    this.recorded.push({ op, name: `${this.scope}/${op}`, output: made[0]! });
    return made.map((node) => this.add(node));
  }

  deleteTensor(): void {}

  tensorDataSync(): NumberArray {
    throw new Error(`${this.scope}: a compiled step can't read values back to JavaScript`);
  }
}
