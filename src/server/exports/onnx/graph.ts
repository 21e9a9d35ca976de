import type { SafeTensor } from '#core/format/safetensors.ts';
import type { Attribute, OnnxNode, OnnxTensor } from './wire.ts';

/** Gathers the nodes of one network. Images go through it channels first, as ONNX has them; vectors as they are. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly weights: OnnxTensor[] = [];
  readonly #given: ReadonlyMap<string, SafeTensor>;

  constructor(weights: ReadonlyMap<string, SafeTensor>) {
    this.#given = weights;
  }

  /** Adds a node and gives the name of its output. Layers of several nodes name them "conv1", "conv1/activation", ... */
  node(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.nodes.push({ op, name, inputs, output: `${name}:0`, attributes });
    return `${name}:0`;
  }

  /** A weight as it was trained. */
  weight(name: string): string {
    const { shape, data } = this.#given.get(name)!;
    return this.#add({ name, shape, data: data as Float32Array });
  }

  /** A weight with its sides in another order: `order[i]` is the old place of the new side i. */
  transposed(name: string, order: readonly number[], shape?: (sides: number[]) => number[]): string {
    const given = this.#given.get(name)!;
    const sides = order.map((side) => given.shape[side]!);
    return this.#add({ name, shape: shape?.(sides) ?? sides, data: transpose(given, order) });
  }

  integers(name: string, values: readonly number[]): string {
    return this.#add({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  /** One number, or a list of them. */
  floats(name: string, values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    return this.#add({ name, shape: typeof values === 'number' ? [] : [list.length], data: Float32Array.from(list) });
  }

  #add(tensor: OnnxTensor): string {
    this.weights.push(tensor);
    return tensor.name;
  }
}

function transpose({ shape, data }: SafeTensor, order: readonly number[]): Float32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const sides = order.map((side) => shape[side]!);
  const steps = order.map((side) => strides[side]!);
  const out = new Float32Array(data.length);
  const place = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let side = sides.length - 1; side >= 0; side--) {
      place[side]!++;
      from += steps[side]!;
      if (place[side]! < sides[side]!) break;
      from -= steps[side]! * sides[side]!;
      place[side] = 0;
    }
  }
  return out;
}
