import { FLOAT } from './attributes.ts';
import type { NumberArray } from './dtypes.ts';
import type { Node, Target } from './graph.ts';
import type { Runner } from './session.ts';
import type { Workspace } from './step-program.ts';

export interface Updated {
  /** float32: what stepResult takes */
  result: NumberArray;
  /** by the names of the weights that they change, where asked for */
  gradients?: Map<string, NumberArray>;
}

/** The call of a graph that ends in an update. With or without a copy of the gradients that it follows it computes the same. */
export class UpdateCall {
  readonly #names: string[];
  readonly #result: Node;
  readonly #runner: (fetches: readonly Node[]) => Runner;
  readonly #copies: () => Node[];
  #plain: Runner | undefined;
  #copying: Runner | undefined;

  constructor(
    { builder, session }: Pick<Workspace, 'builder' | 'session'>,
    feeds: readonly Node[],
    { result, gradients }: { result: Node; gradients: ReadonlyMap<string, Node> },
    updates: readonly Target[],
  ) {
    this.#names = [...gradients.keys()];
    this.#result = result;
    this.#runner = (fetches) => session.runner(feeds, fetches, updates);
    // The rewriter leaves what is fetched as it is: fetched themselves, gradients would be kept out of bfloat16, and the step would round otherwise.
    this.#copies = () =>
      [...gradients].map(([name, gradient]) => builder.node('Identity', `${name}/gradient`, [gradient], FLOAT));
  }

  async run(values: readonly NumberArray[], withGradients: boolean): Promise<Updated> {
    if (!withGradients) {
      this.#plain ??= this.#runner([this.#result]);
      const [result] = await this.#plain.run(values);
      return { result: result! };
    }
    this.#copying ??= this.#runner([this.#result, ...this.#copies()]);
    const [result, ...copies] = await this.#copying.run(values);
    return { result: result!, gradients: new Map(this.#names.map((name, i) => [name, copies[i]!])) };
  }

  close(): void {
    this.#plain?.close();
    this.#copying?.close();
  }
}
