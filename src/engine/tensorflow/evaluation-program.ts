import { plannedWeights } from '#core/model/plan.ts';
import { chunkSize, chunks, countedMask } from '../chunks.ts';
import type { BatchResult } from '../engine.ts';
import { evaluateBatch } from '../model/objective.ts';
import type { Problem } from '../model/problem.ts';
import { itemSize, type PartLayout } from '../part.ts';
import { evaluationResult } from '../results.ts';
import type { ItemReader } from '../stream/item-reader.ts';
import { gatherBatch } from './batch-nodes.ts';
import { DType, type NumberArray } from './dtypes.ts';
import type { Runner } from './session.ts';
import type { Workspace } from './step-program.ts';

/** Loss and metric of a whole stored part in inference mode, chunk by chunk. */
export class EvaluationProgram {
  readonly #runner: Runner;
  readonly #items: number;
  readonly #size: number;
  readonly #reader: ItemReader | undefined;

  /**
   * @param reader of a part that stays in its file
   * @param answering the variable that answers for a weight
   */
  constructor(
    { runtime, builder, session, variables }: Workspace,
    problem: Problem,
    name: string,
    part: PartLayout,
    reader: ItemReader | undefined,
    answering: (weight: string) => string,
  ) {
    this.#reader = reader;
    this.#items = part.n;
    this.#size = chunkSize(part.n, itemSize(part));
    const scope = `evaluate_${name}`;
    const indices = builder.placeholder(`${scope}/indices`, DType.int32, [this.#size]);
    const counted = builder.placeholder(`${scope}/counted`, DType.float32, [this.#size]);
    const batch = gatherBatch(builder, variables, scope, name, part, indices);
    const result = runtime.trace(builder, scope, ({ tensor, node }) => {
      const weights = new Map(
        plannedWeights([...problem.plan]).map((w) => [w.name, tensor(variables.read(answering(w.name)))]),
      );
      const inputs = { x: tensor(batch.x), y: tensor(batch.y), present: batch.present && tensor(batch.present) };
      return node(evaluateBatch(problem, weights, inputs, tensor(counted)));
    });
    this.#runner = session.runner([indices, counted, ...(batch.fed ? [batch.fed] : [])], [result]);
  }

  async run(): Promise<BatchResult> {
    const results: NumberArray[] = [];
    const rest = chunks(this.#items, this.#size);
    let next = rest.next().value;
    while (next) {
      const { indices, counted } = next;
      const rows = await this.#reader?.read(indices);
      next = rest.next().value;
      if (next) this.#reader?.prefetch(next.indices);
      const [sums] = await this.#runner.run([indices, countedMask(this.#size, counted), ...(rows ? [rows] : [])]);
      results.push(sums!);
    }
    return evaluationResult(results);
  }

  close(): void {
    this.#runner.close();
  }
}
