import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import type { Objective } from '#core/config/objective.ts';
import type { OptimizerSpec, Precision } from '#core/config/run-config.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';

/** What every engine (TensorFlow's C library, tfjs wasm) gives to the trainer and the referee; one contract suite tests each. */

export interface EngineInfo {
  kind: 'tensorflow' | 'wasm';
  /** e.g. "TensorFlow 2.21.0" */
  version: string;
  /** e.g. "cpu:0", or several: "gpu:0,gpu:1" */
  device: string;
  devices: string[];
  /** Of the smallest of its GPUs; null on a CPU, which has the machine's. */
  memoryBytes: number | null;
  /** The library was built with CUDA. */
  cuda: boolean;
  /** It computes in bfloat16 faster than in float32. */
  bf16: boolean;
  threads: number;
  /** One sentence: why this engine, and if it is the fallback, what was tried and how to get the native one. */
  reason: string;
}

/** Inputs of items, row-major: uint8 [N, H, W, C] or float32 [N, D]. */
export type ItemArray = Uint8Array | Float32Array;

/** Inputs that stay in their file, larger than memory as it may be; item 0 begins at byte `begin`. */
export interface ItemsFile {
  file: string;
  begin: number;
}

/** Items of one part. x: in memory, or streamed from its file; y: int32 [N] (class) or float32 [N, T] in its own unit, NaN = missing. */
export interface PartArrays {
  x: ItemArray | ItemsFile;
  y: Int32Array | Float32Array;
  n: number;
}

/** One weight or state array by name, e.g. "conv1/kernel". float32 unless said otherwise. */
export interface NamedTensor {
  shape: number[];
  dtype: 'float32' | 'int32';
  data: Float32Array | Int32Array;
}
export type TensorMap = Map<string, NamedTensor>;

export interface FitSpec extends Objective {
  model: ModelSpec;
  input: InputSpec;
  task: TaskSpec;
  optimizer: OptimizerSpec;
  batchSize: number;
  /** What an item of each class weighs in the loss; null = all the same. */
  classWeights: readonly number[] | null;
  /** Seeds the initial weights and, with the step counter, every random op. */
  seed: number;
  /** Layers whose weights stay as they are: no gradient, no optimiser slots, inference mode. */
  frozen?: readonly string[];
  /** What to start from, by the names of `state()`: weights of another run, say. What it leaves out comes from the seed. */
  initial?: TensorMap;
  /** The step that the optimiser's own count begins at (Adam's bias correction): where a second stage starts it anew. */
  optimizerStart?: number;
  /** How much memory the features of frozen layers may take, which are then computed once (features.ts). Default: 1 GiB; 0: computed in every step. */
  featureBytes?: number;
  /** Of the items that steps train on; evaluation and prediction see them as they are. */
  augmentation?: AugmentationPlan | null;
  /** bf16 computes in bfloat16; weights stay float32. Left out: float32. */
  precision?: Precision;
  /** Of the engine's devices, over which each batch is spread; left out: one. */
  replicas?: number;
}

/** Sums over `count` items, so that batches of different sizes add up exactly. */
export interface BatchResult {
  /** Mean loss over the batch's items (masked mean over present targets for regression; weighted mean where classes weigh differently), without the penalty. */
  loss: number;
  /** What `loss` is a mean over where classes weigh differently: the sum of the items' weights. Left out it is `count`. */
  weight?: number;
  /** l1 * sum of absolute values + l2 * sum of squares of the penalised weights. */
  penalty: number;
  /** Classification: number of right answers. Regression: sum of squared errors in the target's own unit. */
  metricSum: number;
  /** Classification: items. Regression: targets present. Divide metricSum by it. */
  count: number;
}

export interface StepResult extends BatchResult {
  /** Euclidean norm of all gradients together, the penalty's included, before clipping. */
  gradientNorm: number;
  /** What the optimiser followed, clipped where clipping is on, by the names of `trainable()`; where asked for. */
  gradients?: TensorMap;
}

export interface Fit {
  /** The run's own record of how it computes: "compiled" after the check against the eager step passed, else "eager" with the reason. */
  readonly mode: { kind: 'compiled' | 'eager'; reason: string };
  /** Threads that a step runs on: of the engine's, as many as a step of this size can use. */
  readonly threads: number;
  /**
   * One optimiser update on the items at `indices` (int32 [b], 1 <= b <= batchSize * accumulate) of the train part, at most batchSize at once;
   * `learningRate` per step; `withGradients`: with a copy of the gradients, which changes nothing of what is computed.
   * JavaScript has its turn at least every hundredth of a second.
   */
  step(indices: Int32Array, learningRate: number, withGradients?: boolean): Promise<StepResult>;
  /** Names the items of a coming step, so that streamed ones are read meanwhile. Without effect on what is computed. */
  prefetch(indices: Int32Array): void;
  /** Inference-mode loss and metric over a whole part, by the averaged weights where `ema` is on. */
  evaluate(part: 'train' | 'validation'): Promise<BatchResult>;
  /** Model weights, batch-norm statistics included, by name: what predicts. The averaged ones where `ema` is on. */
  weights(): Promise<TensorMap>;
  /** The weights that steps change, as the last one left them: no averages, nothing frozen, no statistics. */
  trainable(): Promise<TensorMap>;
  /** Everything that the next step depends on: weights, optimiser slots, averages, step counter. Restoring it makes the next step bit-identical. */
  state(): Promise<TensorMap>;
  restore(state: TensorMap): Promise<void>;
  close(): Promise<void>;
}

/** What of a training step is the first not to be finite, and the layer that it belongs to; null: to none. */
export interface Break {
  what: 'weights' | 'input' | 'output' | 'loss' | 'gradient';
  layer: string | null;
}

export interface Engine {
  readonly info: EngineInfo;
  openFit(spec: FitSpec, train: PartArrays, validation: PartArrays): Promise<Fit>;
  /**
   * Takes apart the step on `batch`, its items alone, that follows `step` steps, from the weights in `state`. Slow: for after a failure.
   * Null where everything is finite.
   */
  findBreak(spec: FitSpec, state: TensorMap, batch: PartArrays, step: number): Promise<Break | null>;
  /** Inference: logits [N, classes], or predictions [N, targets] in the target's own unit. Row-major. */
  predict(
    model: ModelSpec,
    input: InputSpec,
    task: TaskSpec,
    weights: TensorMap,
    x: ItemArray,
    n: number,
  ): Promise<Float32Array>;
  close(): Promise<void>;
}
