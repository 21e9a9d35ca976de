import { AppError } from '#core/errors.ts';
import { planModel } from '#core/model/plan.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';
import { checkDevices, type Devices, deviceNames } from '../devices.ts';
import { EagerFit } from '../eager/eager-fit.ts';
import { findBreak } from '../eager/find-break.ts';
import type { Break, Engine, EngineInfo, Fit, FitSpec, ItemArray, PartArrays, TensorMap } from '../engine.ts';
import { openWithFeatures } from '../features.ts';
import type { Hosts } from '../hosts.ts';
import { composedOps } from '../model/composed-ops.ts';
import type { Ops } from '../model/ops.ts';
import { type Problem, problemOf } from '../model/problem.ts';
import { checkInputs, denormalise, type Part, preparePart } from '../part.ts';
import { pickWeights } from '../state.ts';
import { hasBfloat16 } from './bfloat16.ts';
import { CompiledFit } from './compiled-fit.ts';
import { explain, isBeyondHelp } from './explain.ts';
import type { Device } from './ffi.ts';
import { fusedOps, nativeOps } from './fused-ops.ts';
import { predictCompiled } from './predict.ts';
import { BACKEND, type Runtime, sharedRuntime } from './runtime.ts';

/** TensorFlow's C library in this process. */
export class TensorFlowEngine implements Engine {
  readonly info: EngineInfo;
  readonly #runtime: Runtime;
  readonly #ops: Ops;

  constructor(libraryFile: string, threads: number, devices?: Devices, hosts?: Hosts) {
    this.#runtime = sharedRuntime(libraryFile, threads, devices, hosts);
    this.#ops = fusedOps(this.#runtime);
    const { version, computing, native } = this.#runtime;
    const names = hosts?.addresses ?? namesOf(computing, devices);
    const onGpu = computing[0]!.type === 'GPU';
    this.info = {
      kind: 'tensorflow',
      version: `TensorFlow ${version}`,
      device: names.join(),
      devices: names,
      memoryBytes: onGpu ? Math.min(...computing.map((d) => d.memoryBytes)) : null,
      bf16: !onGpu && hasBfloat16(),
      cuda: native.c._ZN10tensorflow19IsGoogleCudaEnabledEv(),
      threads: this.#runtime.threads,
      reason: `TensorFlow's own library runs here; it computes on ${onGpu ? 'the GPU' : 'the CPU'}.`,
    };
  }

  async openFit(spec: FitSpec, train: PartArrays, validation: PartArrays): Promise<Fit> {
    checkDevices(spec, this.info);
    const problem = problemOf(this.#ops, spec);
    const parts = {
      train: preparePart('train', train, spec.input, spec.task),
      validation: preparePart('validation', validation, spec.input, spec.task),
    };
    return openWithFeatures(
      problem,
      spec,
      parts,
      (...fit) => openTensorFlowFit(this.#runtime, ...fit),
      (plan, weights, x, n) => predictCompiled(this.#runtime, { ops: this.#ops, plan }, weights, x, n),
    );
  }

  async findBreak(spec: FitSpec, state: TensorMap, batch: PartArrays, step: number): Promise<Break | null> {
    return findBreak(BACKEND, problemOf(this.#ops, spec), state, preparePart('batch', batch, spec.input, spec.task), {
      ...spec,
      step,
    });
  }

  async predict(
    model: ModelSpec,
    input: InputSpec,
    task: TaskSpec,
    weights: TensorMap,
    x: ItemArray,
    n: number,
  ): Promise<Float32Array> {
    const plan = planModel(model, input, task);
    const picked = pickWeights(plan, weights);
    checkInputs('data to predict', x, n, input);
    if (!n) return new Float32Array(0);
    try {
      return denormalise(await predictCompiled(this.#runtime, { ops: this.#ops, plan }, picked, x, n), task);
    } catch (error) {
      throw explain(error, n);
    }
  }

  async close(): Promise<void> {}
}

/** Each by its number on this machine. Throws AppError `unavailable` where one that was asked for is not there. */
function namesOf(computing: Device[], wanted?: Devices): string[] {
  const found = computing.map((d) => d.name.replace(/^.*device:/, '').toLowerCase());
  if (!wanted) return found;
  const names = deviceNames(wanted);
  if (!found[0]!.startsWith(wanted.kind) || found.length < names.length)
    throw new AppError(
      'unavailable',
      `TensorFlow was to compute on ${names.join(' and ')}; here it can compute on ${found.join(' and ')} alone.`,
    );
  return names;
}

/**
 * Compiled where the step can be compiled and equals the eager one; else eager, by tfjs's own operations, with the reason.
 * Throws AppError `unavailable` when memory is short: eager needs more, not less.
 */
export async function openTensorFlowFit(
  runtime: Runtime,
  problem: Problem,
  spec: FitSpec,
  parts: { train: Part; validation: Part },
): Promise<Fit> {
  try {
    // In bfloat16 rounding hides what a wrong step would show.
    if (spec.precision === 'bf16')
      await (await CompiledFit.open(runtime, problem, { ...spec, precision: 'float32' }, parts)).close();
    return await CompiledFit.open(runtime, problem, spec, parts);
  } catch (error) {
    if (isBeyondHelp(error)) throw explain(error, spec.batchSize, spec);
    const reason = error instanceof Error ? error.message : String(error);
    const ops = composedOps(nativeOps(runtime));
    const backend = { name: BACKEND, threads: runtime.threads };
    return new EagerFit(backend, { ...problem, ops }, spec, parts, `The step is not compiled: ${reason}`);
  }
}
