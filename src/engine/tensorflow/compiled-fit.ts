import { plannedWeights } from '#core/model/plan.ts';
import type { BatchResult, Fit, FitSpec, StepResult, TensorMap } from '../engine.ts';
import { awaitHosts } from '../hosts.ts';
import type { Problem } from '../model/problem.ts';
import { type StepScalars, stepScalars } from '../optimizer.ts';
import { checkIndices, layoutOf, type Part, type PartLayout } from '../part.ts';
import { stepResult } from '../results.ts';
import { averageName, initialState, pickState, pickWeights, STEP } from '../state.ts';
import { closeReaders, openReaders, type PartReaders } from '../stream/item-reader.ts';
import { Accumulation } from './accumulation.ts';
import { storePart } from './batch-nodes.ts';
import { checkStep } from './check-step.ts';
import type { NumberArray } from './dtypes.ts';
import { EvaluationProgram } from './evaluation-program.ts';
import { explain } from './explain.ts';
import { GraphBuilder } from './graph.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import { StepProgram, type Workspace } from './step-program.ts';
import { stepThreading, type Threading, workOf } from './threads.ts';
import type { Updated } from './update-call.ts';
import { Variables } from './variables.ts';

/** A host that was restarted needs the time that loading its library takes. */
const HOST_PATIENCE_MS = 60_000;

/** Where a run over several hosts reaches them, once all answer. */
async function joinHosts(runtime: Runtime, replicas: number): Promise<string | undefined> {
  const { hosts } = runtime;
  if (!hosts || replicas === 1) return undefined;
  await awaitHosts(hosts, HOST_PATIENCE_MS);
  return runtime.serve(hosts);
}

/** Replicas have their devices' threads, and a GPU its own way of computing side by side. */
function threadingOf(runtime: Runtime, { plan, replicas }: Problem, { batchSize }: FitSpec, train: Part): Threading {
  const { threads, onGpu } = runtime;
  if (replicas > 1 || onGpu) return { slices: 1, threads };
  return stepThreading(workOf(plan, Math.min(batchSize, train.n)), threads);
}

type PartName = 'train' | 'validation';

/** Training as compiled graph steps. Calls wait for each other. */
export class CompiledFit implements Fit {
  readonly mode: Fit['mode'];
  readonly threads: number;
  readonly #threading: Threading;
  readonly #spec: FitSpec;
  readonly #problem: Problem;
  /** Their numbers lie in TensorFlow; a copy here would double the memory. */
  readonly #parts: Record<PartName, PartLayout>;
  readonly #readers: PartReaders;
  readonly #workspace: Workspace;
  readonly #initial: TensorMap;
  /** By batch size: the last batch of an epoch has its own. */
  readonly #steps = new Map<number, StepProgram>();
  #accumulation: Accumulation | undefined;
  readonly #evaluations = new Map<PartName, EvaluationProgram>();
  #step = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    workspace: Workspace,
    problem: Problem,
    spec: FitSpec,
    parts: Record<PartName, Part>,
    threading: Threading,
  ) {
    this.threads = threading.slices * threading.threads;
    this.#threading = threading;
    this.#workspace = workspace;
    this.#problem = problem;
    this.#spec = spec;
    const bf16 = spec.precision === 'bf16' ? ' Then computed in bfloat16, near it.' : '';
    const reason = `Loss and every gradient equal those of the eager step on the first batch.${bf16}`;
    this.mode = { kind: 'compiled', reason };
    this.#parts = { train: layoutOf(parts.train), validation: layoutOf(parts.validation) };
    this.#readers = openReaders(parts);
    this.#initial = initialState([...problem.plan], spec);
    this.#step = this.#initial.get(STEP)!.data[0]!;
  }

  /** Compiles the step and checks it. Throws when it can't be compiled or differs from the eager one; nothing is left behind then. */
  static async open(
    runtime: Runtime,
    problem: Problem,
    spec: FitSpec,
    parts: Record<PartName, Part>,
  ): Promise<CompiledFit> {
    const builder = new GraphBuilder(runtime.native);
    const threading = threadingOf(runtime, problem, spec, parts.train);
    const target = await joinHosts(runtime, problem.replicas);
    const session = new Session(builder, runtime, threading, spec.precision, target);
    const workspace: Workspace = { runtime, builder, session, variables: new Variables(builder, session) };
    const sliced = { ...problem, slices: threading.slices };
    const fit = new CompiledFit(workspace, sliced, spec, parts, threading);
    try {
      await fit.#prepare(parts);
      return fit;
    } catch (error) {
      await fit.close();
      throw error;
    }
  }

  async #prepare(parts: Record<PartName, Part>): Promise<void> {
    const { variables } = this.#workspace;
    await storePart(variables, 'train', parts.train);
    await storePart(variables, 'validation', parts.validation);
    await variables.addAll([...this.#initial].filter(([name]) => name !== STEP));
    const first = Int32Array.from({ length: Math.min(this.#spec.batchSize, parts.train.n) }, (_, i) => i);
    const difference = await checkStep(this.#workspace.runtime, this.#program(first.length), {
      problem: this.#problem,
      weights: pickWeights([...this.#problem.plan], this.#initial),
      part: parts.train,
      indices: first,
      rows: await this.#readers.train?.read(first),
      threads: this.#threading.threads,
      precision: this.#spec.precision,
    });
    if (difference) throw new Error(`On the first batch ${difference}.`);
    if (this.#spec.accumulate > 1)
      this.#accumulation = await Accumulation.open(
        this.#workspace,
        this.#problem,
        this.#spec,
        this.#parts.train,
        this.#readers.train,
      );
  }

  step(indices: Int32Array, learningRate: number, withGradients = false): Promise<StepResult> {
    return this.#queued(async () => {
      const { batchSize, accumulate, optimizerStart = 0 } = this.#spec;
      checkIndices(indices, batchSize * accumulate, this.#parts.train.n);
      const scalars = stepScalars(this.#spec, learningRate, this.#step + 1 - optimizerStart);
      const { result, gradients } = this.#accumulation
        ? await this.#accumulation.run(indices, this.#step, scalars, withGradients)
        : await this.#single(indices, scalars, withGradients);
      this.#step++;
      return { ...stepResult(result), ...(gradients && { gradients: this.#asTensors(gradients) }) };
    });
  }

  async #single(indices: Int32Array, scalars: StepScalars, withGradients: boolean): Promise<Updated> {
    const rows = await this.#readers.train?.read(indices);
    return this.#program(indices.length).run(indices, this.#step, scalars, rows, withGradients);
  }

  #asTensors(gradients: ReadonlyMap<string, NumberArray>): TensorMap {
    return new Map(
      this.#trainable.map((name) => {
        const { shape, dtype } = this.#initial.get(name)!;
        return [name, { shape, dtype, data: gradients.get(name) as Float32Array }];
      }),
    );
  }

  prefetch(indices: Int32Array): void {
    // An update of several batches reads the next one while it computes.
    if (this.#spec.accumulate === 1) this.#readers.train?.prefetch(indices);
  }

  evaluate(name: PartName): Promise<BatchResult> {
    return this.#queued(() => {
      let program = this.#evaluations.get(name);
      if (!program) {
        program = new EvaluationProgram(
          this.#workspace,
          this.#problem,
          name,
          this.#parts[name],
          this.#readers[name],
          this.#answering,
        );
        this.#evaluations.set(name, program);
      }
      return program.run();
    });
  }

  weights(): Promise<TensorMap> {
    const names = plannedWeights([...this.#problem.plan]).map((w) => w.name);
    return this.#queued(async () => {
      const read = await this.#workspace.variables.getAll(names.map(this.#answering));
      return new Map(names.map((name) => [name, read.get(this.#answering(name))!]));
    });
  }

  trainable(): Promise<TensorMap> {
    return this.#queued(() => this.#workspace.variables.getAll(this.#trainable));
  }

  get #trainable(): string[] {
    return plannedWeights([...this.#problem.plan]).flatMap((w) => (w.trainable ? [w.name] : []));
  }

  /** The variable that answers for a weight: its average where averages are kept. */
  readonly #answering = (name: string): string => (this.#spec.ema ? averageName(name) : name);

  state(): Promise<TensorMap> {
    return this.#queued(async () => {
      const names = [...this.#initial.keys()].filter((name) => name !== STEP);
      const state = await this.#workspace.variables.getAll(names);
      return state.set(STEP, { shape: [1], dtype: 'int32', data: Int32Array.of(this.#step) });
    });
  }

  restore(given: TensorMap): Promise<void> {
    return this.#queued(async () => {
      const state = pickState(this.#initial, given);
      await this.#workspace.variables.setAll([...state].filter(([name]) => name !== STEP));
      this.#step = state.get(STEP)!.data[0]!;
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await closeReaders(this.#readers);
    for (const program of [...this.#steps.values(), ...this.#evaluations.values()]) program.close();
    this.#accumulation?.close();
    this.#workspace.variables.close();
    this.#workspace.session.close();
    this.#workspace.builder.close();
  }

  #program(size: number): StepProgram {
    let program = this.#steps.get(size);
    if (!program) {
      program = new StepProgram(this.#workspace, this.#problem, this.#spec, this.#parts.train, size);
      this.#steps.set(size, program);
    }
    return program;
  }

  #queued<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run).catch((error) => {
      throw explain(error, this.#spec.batchSize, this.#spec);
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
