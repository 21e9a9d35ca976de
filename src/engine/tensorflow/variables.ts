import type { TensorMap } from '../engine.ts';
import { type Attribute, attr } from './attributes.ts';
import { dtypeOf, type NumberArray } from './dtypes.ts';
import type { GraphBuilder, Node, Target } from './graph.ts';
import type { Runner, Session } from './session.ts';

interface Variable {
  handle: Node;
  read: Node;
  shape: number[];
  types: Attribute[];
  setter?: { input: Node; set: Target };
}

/** The arrays that stay in TensorFlow from step to step: weights, optimiser slots, the parts' items. By name. */
export class Variables {
  readonly #builder: GraphBuilder;
  readonly #session: Session;
  readonly #variables = new Map<string, Variable>();
  readonly #readers = new Map<string, Runner>();

  constructor(builder: GraphBuilder, session: Session) {
    this.#builder = builder;
    this.#session = session;
  }

  /** Makes a variable that holds `data`. */
  async add(name: string, data: NumberArray, shape: number[]): Promise<void> {
    await this.addAll([[name, { data, shape }]]);
  }

  async addAll(tensors: Iterable<readonly [string, { data: NumberArray; shape: number[] }]>): Promise<void> {
    const all = [...tensors];
    for (const [name, { data, shape }] of all) {
      const types = [attr.type('dtype', dtypeOf(data))];
      const handle = this.#builder.node(
        'VarHandleOp',
        `variables/${name}`,
        [],
        [...types, attr.shape('shape', shape), attr.string('shared_name', name)],
      );
      const read = this.#builder.node('ReadVariableOp', `variables/${name}/read`, [handle], types);
      this.#variables.set(name, { handle, read, shape, types });
    }
    await this.setAll(all);
  }

  handle(name: string): Node {
    return this.#get(name).handle;
  }

  /** The value as it is when the step begins. */
  read(name: string): Node {
    return this.#get(name).read;
  }

  /** An operation that sets the variable to `value`. */
  assign(name: string, value: Node): Target {
    const { handle, types } = this.#get(name);
    return this.#builder.operation('AssignVariableOp', `variables/${name}/assign`, [handle, value], types);
  }

  async setAll(tensors: Iterable<readonly [string, { data: NumberArray }]>): Promise<void> {
    const all = [...tensors].map(([name, { data }]) => ({ data, ...this.#setter(name) }));
    await this.#session.run(
      all.map(({ input, data }) => [input, data]),
      [],
      all.map(({ set }) => set),
    );
  }

  /** The same names are asked for again and again: each set of them has a call of its own. */
  #reader(names: readonly string[]): Runner {
    const key = names.join('\n');
    let reader = this.#readers.get(key);
    if (!reader) {
      reader = this.#session.runner(
        [],
        names.map((name) => this.read(name)),
      );
      this.#readers.set(key, reader);
    }
    return reader;
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
  }

  async getAll(names: readonly string[]): Promise<TensorMap> {
    const values = await this.#reader(names).run([]);
    return new Map(
      names.map((name, i) => [
        name,
        { shape: this.#get(name).shape, dtype: 'float32', data: values[i] as Float32Array },
      ]),
    );
  }

  #setter(name: string): { input: Node; set: Target } {
    const variable = this.#get(name);
    if (!variable.setter) {
      const input = this.#builder.placeholder(
        `variables/${name}/input`,
        variable.types[0]!.value as number,
        variable.shape,
      );
      variable.setter = { input, set: this.assign(name, input) };
    }
    return variable.setter;
  }

  #get(name: string): Variable {
    const variable = this.#variables.get(name);
    if (!variable) throw new Error(`No variable ${name}`);
    return variable;
  }
}
