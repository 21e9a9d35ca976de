import { DRAWS } from '#core/augmentation/draw.ts';
import { plannedWeights } from '#core/model/plan.ts';
import type { FitSpec, ItemArray } from '../engine.ts';
import { drawsOf } from '../model/augment.ts';
import { differentiate } from '../model/objective.ts';
import type { Problem } from '../model/problem.ts';
import type { StepScalars } from '../optimizer.ts';
import type { PartLayout } from '../part.ts';
import { gatherBatch } from './batch-nodes.ts';
import { DType, type NumberArray } from './dtypes.ts';
import type { GraphBuilder, Node } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';
import type { RecordedOperation } from './trace.ts';
import { UpdateCall, type Updated } from './update-call.ts';
import { scalarFeeds, scalarPlaceholders, updateAll } from './update-nodes.ts';
import type { Variables } from './variables.ts';

/** What all of one run's graphs share. */
export interface Workspace {
  runtime: Runtime;
  builder: GraphBuilder;
  session: Session;
  variables: Variables;
}

/** One compiled training step for batches of one size: forward, backward and update in one call, 24 bytes and the indices in, 16 bytes out. */
export class StepProgram {
  readonly #session: Session;
  readonly #problem: Problem;
  readonly #feeds: Node[];
  readonly #result: Node;
  readonly #gradients: Map<string, Node>;
  readonly #statistics: Map<string, Node>;
  readonly #call: UpdateCall;
  readonly #averages: boolean;
  /** Operations of the step up to its gradients. */
  readonly recorded: readonly RecordedOperation[];

  /** Records one step over `size` items. Throws when the step can't be compiled. */
  constructor(workspace: Workspace, problem: Problem, spec: FitSpec, part: PartLayout, size: number) {
    const { runtime, builder, session, variables } = workspace;
    this.#session = session;
    this.#averages = spec.ema !== null;
    const scope = `train${size}`;
    const indices = builder.placeholder(`${scope}/indices`, DType.int32, [size]);
    const step = builder.placeholder(`${scope}/step`, DType.int32, []);
    const scalars = scalarPlaceholders(builder, scope, spec);
    const draws = problem.augmentation && builder.placeholder(`${scope}/draws`, DType.float32, [size, DRAWS]);
    this.#problem = problem;
    this.#feeds = [indices, step, ...Object.values(scalars), ...(draws ? [draws] : [])];
    const batch = gatherBatch(builder, variables, scope, 'train', part, indices);
    if (batch.fed) this.#feeds.push(batch.fed);
    const made = runtime.trace(builder, scope, ({ tensor, node, recorded }) => {
      const weights = new Map(
        plannedWeights([...problem.plan]).map(({ name }) => [name, tensor(variables.read(name))]),
      );
      const inputs = {
        x: tensor(batch.x),
        y: tensor(batch.y),
        present: batch.present && tensor(batch.present),
        draws: draws ? tensor(draws) : undefined,
      };
      const { result, gradients, statistics } = differentiate(problem, weights, inputs, tensor(step));
      const nodes = (tensors: typeof gradients) => new Map([...tensors].map(([name, t]) => [name, node(t)]));
      const traced = { result: node(result), gradients: nodes(gradients), statistics: nodes(statistics), recorded };
      for (const kept of statistics.values()) kept.dispose();
      return traced;
    });
    this.recorded = made.recorded;
    this.#result = made.result;
    this.#gradients = made.gradients;
    this.#statistics = made.statistics;
    const updates = updateAll(workspace, problem, spec.optimizer, scope, made, scalars);
    this.#call = new UpdateCall(workspace, this.#feeds, made, updates);
  }

  /** One update. `rows`: the items' inputs where the part stays in its file. */
  run(
    indices: Int32Array,
    step: number,
    scalars: StepScalars,
    rows: ItemArray | undefined,
    withGradients: boolean,
  ): Promise<Updated> {
    return this.#call.run(this.#values(indices, step, scalars, rows), withGradients);
  }

  /** The same step without its updates: nothing changes. The result is under "result", gradients under "gradient of conv1/kernel". */
  async inspect(indices: Int32Array, step: number, rows?: ItemArray): Promise<Map<string, Float32Array>> {
    const fetches = namedOutputs(this.#result, this.#gradients, this.#statistics);
    const read = await this.read([...fetches.values()], indices, step, rows);
    return new Map([...fetches.keys()].map((name, i) => [name, read[i] as Float32Array]));
  }

  /** Nodes of the step without its updates. */
  read(nodes: readonly Node[], indices: Int32Array, step: number, rows?: ItemArray): Promise<NumberArray[]> {
    const still = { rate: 0, epsilon: 1, decay: 1, ...(this.#averages && { taken: 0 }) };
    const fed = this.#values(indices, step, still, rows);
    return this.#session.run(
      this.#feeds.map((node, i) => [node, fed[i]!]),
      nodes,
    );
  }

  close(): void {
    this.#call.close();
  }

  #values(indices: Int32Array, step: number, scalars: StepScalars, rows: ItemArray | undefined): NumberArray[] {
    const draws = drawsOf(this.#problem, step, indices.length);
    return [indices, Int32Array.of(step), ...scalarFeeds(scalars), ...(draws ? [draws] : []), ...(rows ? [rows] : [])];
  }
}

/** What the names of gradients begin with. */
export const GRADIENT = 'gradient of ';

/** One name for everything that a step gives, for comparing two ways of computing it. */
export function namedOutputs<T>(
  result: T,
  gradients: ReadonlyMap<string, T>,
  statistics: ReadonlyMap<string, T>,
): Map<string, T> {
  return new Map([
    ['result', result],
    ...[...gradients].map(([name, g]) => [`${GRADIENT}${name}`, g] as const),
    ...statistics,
  ]);
}
