import { DRAWS } from '#core/augmentation/draw.ts';
import { plannedWeights } from '#core/model/plan.ts';
import { pieces } from '../chunks.ts';
import type { FitSpec } from '../engine.ts';
import { drawsOf } from '../model/augment.ts';
import { differentiateSum, finishSum } from '../model/objective.ts';
import type { Problem } from '../model/problem.ts';
import type { StepScalars } from '../optimizer.ts';
import type { PartLayout } from '../part.ts';
import type { ItemReader } from '../stream/item-reader.ts';
import { FLOAT } from './attributes.ts';
import { gatherBatch } from './batch-nodes.ts';
import { DType } from './dtypes.ts';
import type { Node } from './graph.ts';
import type { Runner } from './session.ts';
import type { Workspace } from './step-program.ts';
import { UpdateCall, type Updated } from './update-call.ts';
import { scalarFeeds, scalarPlaceholders, updateAll } from './update-nodes.ts';

const SUMS = 'accumulated/sums';
const sumName = (weight: string) => `accumulated/${weight}`;

/** An update from several batches, one call each, and one that applies what they added up to. Memory: one more array as long as each weight. */
export class Accumulation {
  readonly #workspace: Workspace;
  readonly #problem: Problem;
  readonly #spec: FitSpec;
  readonly #part: PartLayout;
  readonly #reader: ItemReader | undefined;
  /** By batch size. */
  readonly #adds = new Map<number, Runner>();
  readonly #apply: UpdateCall;

  private constructor(
    workspace: Workspace,
    problem: Problem,
    spec: FitSpec,
    part: PartLayout,
    reader: ItemReader | undefined,
  ) {
    this.#spec = spec;
    this.#reader = reader;
    this.#workspace = workspace;
    this.#problem = problem;
    this.#part = part;
    this.#apply = applyCall(workspace, problem, spec);
  }

  /** @param reader of a part that stays in its file */
  static async open(
    workspace: Workspace,
    problem: Problem,
    spec: FitSpec,
    part: PartLayout,
    reader: ItemReader | undefined,
  ): Promise<Accumulation> {
    const zeros = trainable(problem).map(({ name, shape }): [string, { data: Float32Array; shape: number[] }] => [
      sumName(name),
      { data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape },
    ]);
    await workspace.variables.addAll([...zeros, [SUMS, { data: new Float32Array(4), shape: [4] }]]);
    return new Accumulation(workspace, problem, spec, part, reader);
  }

  /** One update on `indices`, at most a batch at once. */
  async run(indices: Int32Array, step: number, scalars: StepScalars, withGradients: boolean): Promise<Updated> {
    const batches = pieces(indices, this.#spec.batchSize);
    for (const [i, piece] of batches.entries()) {
      const key = step * this.#spec.accumulate + i;
      const rows = await this.#reader?.read(piece);
      if (batches[i + 1]) this.#reader?.prefetch(batches[i + 1]!);
      const draws = drawsOf(this.#problem, key, piece.length);
      const fed = [...(draws ? [draws] : []), ...(rows ? [rows] : [])];
      await this.#add(piece.length).run([piece, Int32Array.of(key), Float32Array.of(i === 0 ? 0 : 1), ...fed]);
    }
    return this.#apply.run(scalarFeeds(scalars), withGradients);
  }

  close(): void {
    for (const runner of [...this.#adds.values(), this.#apply]) runner.close();
  }

  #add(size: number): Runner {
    let runner = this.#adds.get(size);
    if (!runner) {
      runner = addRunner(this.#workspace, this.#problem, this.#part, size);
      this.#adds.set(size, runner);
    }
    return runner;
  }
}

const trainable = ({ plan }: Problem) => plannedWeights([...plan]).filter((w) => w.trainable);

/** Adds one batch's sums; `kept` of 0 begins anew. */
function addRunner(workspace: Workspace, problem: Problem, part: PartLayout, size: number): Runner {
  const { runtime, builder, session, variables } = workspace;
  const scope = `accumulate${size}`;
  const indices = builder.placeholder(`${scope}/indices`, DType.int32, [size]);
  const key = builder.placeholder(`${scope}/step`, DType.int32, []);
  const kept = builder.placeholder(`${scope}/kept`, DType.float32, []);
  const draws = problem.augmentation && builder.placeholder(`${scope}/draws`, DType.float32, [size, DRAWS]);
  const batch = gatherBatch(builder, variables, scope, 'train', part, indices);
  const made = runtime.trace(builder, scope, ({ tensor, node }) => {
    const weights = new Map(plannedWeights([...problem.plan]).map(({ name }) => [name, tensor(variables.read(name))]));
    const inputs = {
      x: tensor(batch.x),
      y: tensor(batch.y),
      present: batch.present && tensor(batch.present),
      draws: draws ? tensor(draws) : undefined,
    };
    const { sums, gradients, statistics } = differentiateSum(problem, weights, inputs, tensor(key));
    const traced = {
      sums: node(sums),
      gradients: [...gradients].map(([name, t]) => [name, node(t)] as const),
      statistics: [...statistics].map(([name, t]) => [name, node(t)] as const),
    };
    for (const held of statistics.values()) held.dispose();
    return traced;
  });
  const added = (name: string, value: Node) => {
    const at = `${scope}/${name}/add`;
    const old = builder.node('Mul', at, [variables.read(name), kept], FLOAT);
    return variables.assign(name, builder.node('AddV2', at, [old, value], FLOAT));
  };
  return session.runner(
    [indices, key, kept, ...(draws ? [draws] : []), ...(batch.fed ? [batch.fed] : [])],
    [],
    [
      added(SUMS, made.sums),
      ...made.gradients.map(([name, g]) => added(sumName(name), g)),
      ...made.statistics.map(([name, value]) => variables.assign(name, value)),
    ],
  );
}

function applyCall(workspace: Workspace, problem: Problem, spec: FitSpec): UpdateCall {
  const { runtime, builder, variables } = workspace;
  const scope = 'apply';
  const scalars = scalarPlaceholders(builder, scope, spec);
  const made = runtime.trace(builder, scope, ({ tensor, node }) => {
    const read = (name: string) => tensor(variables.read(name));
    const weights = new Map(plannedWeights([...problem.plan]).map(({ name }) => [name, read(name)]));
    const sums = new Map(trainable(problem).map(({ name }) => [name, read(sumName(name))]));
    const { result, gradients } = finishSum(problem, weights, read(SUMS), sums);
    return { result: node(result), gradients: new Map([...gradients].map(([name, t]) => [name, node(t)])) };
  });
  const updates = updateAll(
    workspace,
    problem,
    spec.optimizer,
    scope,
    { gradients: made.gradients, statistics: new Map() },
    scalars,
  );
  return new UpdateCall(workspace, Object.values(scalars), made, updates);
}
