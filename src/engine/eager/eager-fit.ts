import { setImmediate } from 'node:timers/promises';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { plannedWeights, type WeightPlan } from '#core/model/plan.ts';
import { chunkSize, chunks, countedMask, pieces } from '../chunks.ts';
import type { BatchResult, Fit, FitSpec, ItemArray, NamedTensor, StepResult, TensorMap } from '../engine.ts';
import { withDraws } from '../model/augment.ts';
import type { Tensors } from '../model/forward.ts';
import { differentiate, differentiateSum, evaluateBatch, finishSum, type StepOutputs } from '../model/objective.ts';
import { isPenalised } from '../model/penalty.ts';
import type { Batch, Problem } from '../model/problem.ts';
import { slotsOf, stepScalars, updated, withoutDecay } from '../optimizer.ts';
import { asFloats, checkIndices, gather, itemSize, type Part } from '../part.ts';
import { evaluationResult, stepResult } from '../results.ts';
import { averageName, initialState, pickState, STEP, slotName } from '../state.ts';
import { closeReaders, openReaders, type PartReaders } from '../stream/item-reader.ts';
import { onBackend, tf } from '../tfjs.ts';

/** Training operation by operation on any tfjs backend. Computes on the JavaScript thread, which gets its turn between steps and chunks. */
export class EagerFit implements Fit {
  readonly mode: Fit['mode'];
  readonly threads: number;
  readonly #backend: string;
  readonly #problem: Problem;
  readonly #spec: FitSpec;
  readonly #parts: { train: Part; validation: Part };
  readonly #readers: PartReaders;
  readonly #tensors = new Map<string, Tensor>();
  #initial: TensorMap;
  #step = 0;

  constructor(
    backend: { name: string; threads: number },
    problem: Problem,
    spec: FitSpec,
    parts: { train: Part; validation: Part },
    reason: string,
  ) {
    this.mode = { kind: 'eager', reason };
    this.#backend = backend.name;
    this.threads = backend.threads;
    this.#problem = problem;
    this.#spec = spec;
    this.#parts = parts;
    this.#readers = openReaders(parts);
    this.#initial = initialState([...problem.plan], spec);
    this.#load(this.#initial);
  }

  async step(indices: Int32Array, learningRate: number, withGradients = false): Promise<StepResult> {
    const { batchSize, accumulate, optimizerStart = 0 } = this.#spec;
    checkIndices(indices, batchSize * accumulate, this.#parts.train.n);
    const batches: { indices: Int32Array; rows: ItemArray | undefined }[] = [];
    // A copy: the reader writes the next batch into the same memory.
    for (const piece of pieces(indices, batchSize))
      batches.push({ indices: piece, rows: (await this.#readers.train?.read(piece))?.slice() });
    await setImmediate();
    const { taken, ...scalars } = stepScalars(this.#spec, learningRate, this.#step + 1 - optimizerStart);
    const made = onBackend(this.#backend, () => {
      const { result, gradients, statistics } = accumulate > 1 ? this.#summed(batches) : this.#single(batches[0]!);
      const rates = {
        rate: tf.scalar(scalars.rate),
        epsilon: tf.scalar(scalars.epsilon),
        decay: tf.scalar(scalars.decay),
      };
      const copies = withGradients && this.#copied(gradients);
      const weights = plannedWeights([...this.#problem.plan]);
      for (const weight of weights) {
        const gradient = gradients.get(weight.name);
        if (gradient) this.#update(weight, gradient, rates);
      }
      for (const [name, value] of statistics) this.#replace(name, value);
      if (taken !== undefined) for (const { name } of weights) this.#average(name, taken);
      return { ...stepResult(result.dataSync() as Float32Array), ...(copies && { gradients: copies }) };
    });
    this.#step++;
    return made;
  }

  #single(batch: { indices: Int32Array; rows: ItemArray | undefined }): StepOutputs {
    return differentiate(this.#problem, this.#tensors, ...this.#keyed(batch, this.#step));
  }

  /** Batch norm's statistics move with every batch. */
  #summed(batches: readonly { indices: Int32Array; rows: ItemArray | undefined }[]): StepOutputs {
    const [first, ...rest] = batches.map((batch, i) => {
      const key = this.#step * this.#spec.accumulate + i;
      const made = differentiateSum(this.#problem, this.#tensors, ...this.#keyed(batch, key));
      for (const [name, value] of made.statistics) this.#replace(name, value);
      return made;
    });
    const { sums, gradients } = rest.reduce(
      (a, b) => ({
        sums: tf.add(a.sums, b.sums),
        gradients: new Map([...a.gradients].map(([name, g]) => [name, tf.add(g, b.gradients.get(name)!)])),
      }),
      { sums: first!.sums, gradients: first!.gradients },
    );
    return { ...finishSum(this.#problem, this.#tensors, sums, gradients), statistics: new Map() };
  }

  /** A batch with what random numbers are drawn by. */
  #keyed({ indices, rows }: { indices: Int32Array; rows: ItemArray | undefined }, key: number): [Batch, Tensor] {
    const batch = withDraws(this.#problem, batchTensors(this.#parts.train, indices, rows), key);
    return [batch, tf.scalar(key, 'int32')];
  }

  prefetch(indices: Int32Array): void {
    // An update of several batches reads the next one while it computes.
    if (this.#spec.accumulate === 1) this.#readers.train?.prefetch(indices);
  }

  async evaluate(name: 'train' | 'validation'): Promise<BatchResult> {
    const part = this.#parts[name];
    const size = chunkSize(part.n, itemSize(part));
    const sums: Float32Array[] = [];
    for (const { indices, counted } of chunks(part.n, size)) {
      const rows = await this.#readers[name]?.read(indices);
      await setImmediate();
      sums.push(
        onBackend(this.#backend, () => {
          const mask = tf.tensor1d(countedMask(size, counted));
          return evaluateBatch(
            this.#problem,
            this.#answering(),
            batchTensors(part, indices, rows),
            mask,
          ).dataSync() as Float32Array;
        }),
      );
    }
    return evaluationResult(sums);
  }

  async weights(): Promise<TensorMap> {
    const state = await this.state();
    const average = this.#spec.ema !== null;
    return new Map(
      plannedWeights([...this.#problem.plan]).map(({ name }) => [name, state.get(average ? averageName(name) : name)!]),
    );
  }

  async trainable(): Promise<TensorMap> {
    const state = await this.state();
    return new Map(this.#trainable.map((name) => [name, state.get(name)!]));
  }

  #copied(gradients: Tensors): TensorMap {
    return new Map(
      this.#trainable.map((name) => {
        const data = gradients.get(name)!.dataSync().slice() as Float32Array;
        return [name, { shape: this.#initial.get(name)!.shape, dtype: 'float32', data }];
      }),
    );
  }

  get #trainable(): string[] {
    return plannedWeights([...this.#problem.plan]).flatMap((w) => (w.trainable ? [w.name] : []));
  }

  async state(): Promise<TensorMap> {
    const state: TensorMap = new Map();
    for (const [name, { shape }] of this.#initial) {
      const data =
        name === STEP
          ? Int32Array.of(this.#step)
          : onBackend(this.#backend, () => this.#tensors.get(name)!.dataSync().slice() as Float32Array);
      state.set(name, { shape, dtype: name === STEP ? 'int32' : 'float32', data });
    }
    return state;
  }

  async restore(state: TensorMap): Promise<void> {
    this.#load(pickState(this.#initial, state));
  }

  async close(): Promise<void> {
    await closeReaders(this.#readers);
    onBackend(this.#backend, () => tf.dispose([...this.#tensors.values()]));
    this.#tensors.clear();
  }

  #load(state: TensorMap): void {
    onBackend(this.#backend, () => {
      for (const [name, tensor] of state) if (name !== STEP) this.#replace(name, tensorOf(tensor));
    });
    this.#step = state.get(STEP)!.data[0]!;
  }

  /** The weights that predict: their averages where averages are kept. */
  #answering(): Tensors {
    if (!this.#spec.ema) return this.#tensors;
    const names = plannedWeights([...this.#problem.plan]).map(({ name }) => name);
    return new Map(names.map((name) => [name, this.#tensors.get(averageName(name))!]));
  }

  #average(name: string, taken: number): void {
    const old = this.#tensors.get(averageName(name))!;
    this.#replace(averageName(name), tf.add(old, tf.mul(tf.sub(this.#tensors.get(name)!, old), taken)));
  }

  #update(weight: WeightPlan, gradient: Tensor, rates: { rate: Scalar; epsilon: Scalar; decay: Scalar }): void {
    const { name } = weight;
    const { penalise } = this.#problem;
    const optimizer = isPenalised(weight, penalise) ? this.#spec.optimizer : withoutDecay(this.#spec.optimizer);
    const slots = slotsOf(optimizer).map((slot) => slotName(slot, name));
    const next = updated(
      optimizer,
      this.#tensors.get(name)!,
      gradient,
      slots.map((slot) => this.#tensors.get(slot)!),
      rates,
    );
    this.#replace(name, next.weight);
    slots.forEach((slot, i) => {
      this.#replace(slot, next.slots[i]!);
    });
  }

  #replace(name: string, value: Tensor): void {
    this.#tensors.get(name)?.dispose();
    this.#tensors.set(name, tf.keep(value));
  }
}

export function tensorOf({ data, shape }: NamedTensor): Tensor {
  // tfjs keeps the array it is given: the caller's must not change under it.
  return tf.tensor(data.slice(), shape);
}

/** `read`: the inputs at `indices` of a part that stays in its file. */
export function batchTensors(part: Part, indices: Int32Array, read?: ItemArray): Batch {
  const x = read ? asFloats(read) : gather(part.x as ItemArray, indices, itemSize(part));
  const width = part.targets ?? 1;
  const rows = [indices.length, width];
  const y = gather(part.y, indices, width);
  return {
    x: tf.tensor(x, [indices.length, ...part.itemShape]),
    y: part.targets === undefined ? tf.tensor1d(Int32Array.from(y), 'int32') : tf.tensor(y, rows),
    present: part.present && tf.tensor(gather(part.present, indices, width), rows),
  };
}
