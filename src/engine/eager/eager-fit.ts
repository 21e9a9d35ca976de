import { setImmediate } from 'node:timers/promises';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { plannedWeights } from '#core/model/plan.ts';
import { chunkSize, chunks, countedMask } from '../chunks.ts';
import type { BatchResult, Fit, FitSpec, ItemArray, NamedTensor, TensorMap } from '../engine.ts';
import { withDraws } from '../model/augment.ts';
import { differentiate, evaluateBatch } from '../model/objective.ts';
import type { Batch, Problem } from '../model/problem.ts';
import { slotsOf, stepScalars, updated } from '../optimizer.ts';
import { asFloats, checkIndices, gather, itemSize, type Part } from '../part.ts';
import { batchResult, evaluationResult } from '../results.ts';
import { initialState, pickState, STEP, slotName } from '../state.ts';
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

  async step(indices: Int32Array, learningRate: number): Promise<BatchResult> {
    const { optimizer, batchSize } = this.#spec;
    checkIndices(indices, batchSize, this.#parts.train.n);
    const rows = await this.#readers.train?.read(indices);
    await setImmediate();
    const scalars = stepScalars(optimizer, learningRate, this.#step + 1 - (this.#spec.optimizerStart ?? 0));
    const result = onBackend(this.#backend, () => {
      const step = tf.scalar(this.#step, 'int32');
      const made = differentiate(
        this.#problem,
        this.#tensors,
        withDraws(this.#problem, batchTensors(this.#parts.train, indices, rows), this.#step),
        step,
      );
      const rates = {
        rate: tf.scalar(scalars.rate),
        epsilon: tf.scalar(scalars.epsilon),
        decay: tf.scalar(scalars.decay),
      };
      for (const [name, gradient] of made.gradients) this.#update(name, gradient, rates);
      for (const [name, value] of made.statistics) this.#replace(name, value);
      return made.result.dataSync() as Float32Array;
    });
    this.#step++;
    return batchResult(result);
  }

  prefetch(indices: Int32Array): void {
    this.#readers.train?.prefetch(indices);
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
            this.#tensors,
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
    return new Map(plannedWeights([...this.#problem.plan]).map(({ name }) => [name, state.get(name)!]));
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

  #update(name: string, gradient: Tensor, rates: { rate: Scalar; epsilon: Scalar; decay: Scalar }): void {
    const { optimizer } = this.#spec;
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
