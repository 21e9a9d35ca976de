import type { NumberArray } from './dtypes.ts';
import type { Node, Target } from './graph.ts';
import type { Runner, Session } from './session.ts';

export interface Updated {
  /** float32: what stepResult takes */
  result: NumberArray;
  /** by the names of the weights that they change, where asked for */
  gradients?: Map<string, NumberArray>;
}

/** The call of a graph that ends in an update. With or without a copy of the gradients that it follows it computes the same. */
export class UpdateCall {
  readonly #gradients: ReadonlyMap<string, Node>;
  readonly #runner: (fetches: readonly Node[]) => Runner;
  readonly #result: Node;
  #plain: Runner | undefined;
  #copying: Runner | undefined;

  constructor(
    session: Session,
    feeds: readonly Node[],
    made: { result: Node; gradients: ReadonlyMap<string, Node> },
    updates: readonly Target[],
  ) {
    this.#result = made.result;
    this.#gradients = made.gradients;
    this.#runner = (fetches) => session.runner(feeds, fetches, updates);
  }

  async run(values: readonly NumberArray[], withGradients: boolean): Promise<Updated> {
    if (!withGradients) {
      this.#plain ??= this.#runner([this.#result]);
      const [result] = await this.#plain.run(values);
      return { result: result! };
    }
    this.#copying ??= this.#runner([this.#result, ...this.#gradients.values()]);
    const [result, ...copies] = await this.#copying.run(values);
    return { result: result!, gradients: new Map([...this.#gradients.keys()].map((name, i) => [name, copies[i]!])) };
  }

  close(): void {
    this.#plain?.close();
    this.#copying?.close();
  }
}
