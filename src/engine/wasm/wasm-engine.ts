import { dirname, join, sep } from 'node:path';
import { type LayerPlan, planModel } from '#core/model/plan.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';
import { chunkSize, chunks } from '../chunks.ts';
import { checkDevices } from '../devices.ts';
import { EagerFit, tensorOf } from '../eager/eager-fit.ts';
import { findBreak } from '../eager/find-break.ts';
import type { Break, Engine, EngineInfo, Fit, FitSpec, ItemArray, PartArrays, TensorMap } from '../engine.ts';
import { openWithFeatures } from '../features.ts';
import { composedOps } from '../model/composed-ops.ts';
import { forward } from '../model/forward.ts';
import { problemOf } from '../model/problem.ts';
import { checkInputs, denormalise, gather, preparePart } from '../part.ts';
import { pickWeights } from '../state.ts';
import { onBackend, requireCjs, tf } from '../tfjs.ts';
import { registerGradientKernels } from './gradient-kernels.ts';

const BACKEND = 'wasm';

/** tfjs on WebAssembly: needs nothing but Node, at about a tenth of the speed. One thread: in Node tfjs can't use more. */
export class WasmEngine implements Engine {
  readonly info: EngineInfo;
  readonly #ops = composedOps();

  private constructor(reason: string) {
    this.info = {
      kind: 'wasm',
      version: `TensorFlow.js ${tf.version_core}`,
      device: 'wasm',
      devices: ['wasm'],
      memoryBytes: null,
      cuda: false,
      bf16: false,
      threads: 1,
      reason,
    };
  }

  /** `reason`: why this engine and not TensorFlow's own. Throws when WebAssembly can't be started. */
  static async open(reason: string): Promise<WasmEngine> {
    const entry = requireCjs.resolve('@tensorflow/tfjs-backend-wasm');
    const wasm = requireCjs(entry) as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(join(dirname(entry), sep));
    if (!(await tf.setBackend(BACKEND))) throw new Error('TensorFlow.js could not start its WebAssembly backend');
    registerGradientKernels(BACKEND);
    return new WasmEngine(reason);
  }

  async openFit(spec: FitSpec, train: PartArrays, validation: PartArrays): Promise<Fit> {
    checkDevices(spec, this.info);
    const problem = problemOf(this.#ops, spec);
    const parts = {
      train: preparePart('train', train, spec.input, spec.task),
      validation: preparePart('validation', validation, spec.input, spec.task),
    };
    const backend = { name: BACKEND, threads: this.info.threads };
    const reason = 'The fallback engine has no compiled steps.';
    return openWithFeatures(
      problem,
      spec,
      parts,
      async (...fit) => new EagerFit(backend, ...fit, reason),
      (...of) => this.#infer(...of),
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
    return denormalise(await this.#infer(plan, picked, x, n), task);
  }

  /** What the last layer of the plan gives, float32 [n, ...]. */
  async #infer(plan: LayerPlan[], weights: TensorMap, x: ItemArray, n: number): Promise<Float32Array> {
    const units = plan.at(-1)!.output.reduce((a, b) => a * b, 1);
    const answers = new Float32Array(n * units);
    if (!n) return answers;
    const width = x.length / n;
    const size = chunkSize(n, width);
    let done = 0;
    for (const { indices, counted } of chunks(n, size)) {
      const chunk = onBackend(BACKEND, () => {
        const tensors = new Map([...weights].map(([name, tensor]) => [name, tensorOf(tensor)]));
        const batch = tf.tensor(gather(x, indices, width), [size, ...plan[0]!.input]);
        return forward(this.#ops, plan, tensors, [batch], { training: false }).answers[0]!.dataSync();
      });
      answers.set(chunk.subarray(0, counted * units), done * units);
      done += counted;
    }
    return answers;
  }

  async close(): Promise<void> {}
}
