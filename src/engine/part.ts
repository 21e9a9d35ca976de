import { statSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import { inputShape } from '#core/model/plan.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import type { ItemArray, ItemsFile, PartArrays } from './engine.ts';

/** What is known of a part without its numbers. */
export interface PartLayout {
  n: number;
  /** Of one item. */
  itemShape: number[];
  /** Inputs are bytes, else float32. */
  bytes: boolean;
  /** Inputs stay in their file and are fed batch by batch. */
  streamed: boolean;
  /** Targets of one item; undefined: y is a class. */
  targets: number | undefined;
  /** Some target is missing. */
  masked: boolean;
}

/** One part as the engines compute with it. */
export interface Part extends PartLayout {
  x: ItemArray | ItemsFile;
  /** int32 [n], or float32 [n, targets] normalised, 0 where missing. */
  y: Int32Array | Float32Array;
  /** float32 [n, targets] of 1 and 0, where `masked`. */
  present: Float32Array | undefined;
}

export function layoutOf({ n, itemShape, bytes, streamed, targets, masked }: Part): PartLayout {
  return { n, itemShape, bytes, streamed, targets, masked };
}

/** Numbers of one item's input. */
export function itemSize({ itemShape }: PartLayout): number {
  return itemShape.reduce((a, b) => a * b, 1);
}

/**
 * Checks a part against the input and the task, and normalises targets. `name` is "train", "validation": it stands in the messages.
 * Throws AppError `invalid_data`.
 */
export function preparePart(name: string, part: PartArrays, input: InputSpec, task: TaskSpec): Part {
  const fail = (message: string) => new AppError('invalid_data', `The ${name} part ${message}`);
  const { n } = part;
  if (n < 1) throw fail('holds no item. Training and validation need at least one each.');
  const itemShape = inputShape(input);
  const bytes = input.kind === 'image';
  const streamed = !ArrayBuffer.isView(part.x);
  if (ArrayBuffer.isView(part.x)) checkInputs(`${name} part`, part.x, n, input);
  else checkFile(part.x, n * itemShape.reduce((a, b) => a * b, 1) * (bytes ? 1 : 4), fail);
  const base = { n, itemShape, bytes, streamed, x: part.x };
  if (task.kind === 'classification') {
    if (!(part.y instanceof Int32Array) || part.y.length !== n)
      throw fail(`needs one int32 class an item: ${n}, it has ${part.y.length}.`);
    const wrong = part.y.findIndex((c) => c < 0 || c >= task.classes);
    if (wrong >= 0) throw fail(`gives item ${wrong} class ${part.y[wrong]}; classes are 0 to ${task.classes - 1}.`);
    return { ...base, targets: undefined, masked: false, y: part.y, present: undefined };
  }
  const { targets, offset, scale } = task;
  if (!(part.y instanceof Float32Array) || part.y.length !== n * targets)
    throw fail(`needs ${targets} float32 targets an item: ${n * targets}, it has ${part.y.length}.`);
  const y = new Float32Array(part.y.length);
  let present: Float32Array | undefined;
  for (let i = 0; i < y.length; i++) {
    const value = part.y[i]!;
    if (Number.isNaN(value)) {
      present ??= new Float32Array(y.length).fill(1);
      present[i] = 0;
    } else y[i] = (value - offset[i % targets]!) / scale[i % targets]!;
  }
  if (present && !present.includes(1))
    throw fail('has no target at all: every one is missing. There is nothing to compare an answer with.');
  return { ...base, targets, masked: present !== undefined, y, present };
}

function checkFile({ file, begin }: ItemsFile, bytes: number, fail: (message: string) => AppError): void {
  const found = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (found < begin + bytes)
    throw fail(`is cut short: its file has ${found} bytes and needs ${begin + bytes}. Upload the data set again.`);
}

/** Checks the inputs of `n` items: uint8 for images, float32 for vectors, as many as the input's shape says. Throws AppError `invalid_data`. */
export function checkInputs(name: string, x: ItemArray, n: number, input: InputSpec): void {
  const [type, word] = input.kind === 'image' ? [Uint8Array, 'uint8'] : [Float32Array, 'float32'];
  if (!(x instanceof type))
    throw new AppError(
      'invalid_data',
      `The ${name} must hold ${input.kind}s as ${word}; it holds ${x.constructor.name}.`,
    );
  const shape = inputShape(input);
  const wanted = n * shape.reduce((a, b) => a * b, 1);
  if (x.length !== wanted)
    throw new AppError(
      'invalid_data',
      `The ${name} holds ${x.length} numbers; ${n} items of [${shape.join(', ')}] are ${wanted}.`,
    );
}

/** Answers of a regression in the targets' own unit, in place; logits as they are. */
export function denormalise(answers: Float32Array, task: TaskSpec): Float32Array {
  if (task.kind === 'regression') {
    const { offset, scale, targets } = task;
    for (let i = 0; i < answers.length; i++) answers[i] = answers[i]! * scale[i % targets]! + offset[i % targets]!;
  }
  return answers;
}

/** Throws AppError `bad_request` unless 1 <= b <= batchSize and every index lies in [0, n). */
export function checkIndices(indices: Int32Array, batchSize: number, n: number): void {
  if (indices.length < 1 || indices.length > batchSize)
    throw new AppError(
      'bad_request',
      `A step takes 1 to ${batchSize} items (the batch size); it got ${indices.length}.`,
    );
  for (const [at, i] of indices.entries())
    if (i < 0 || i >= n)
      throw new AppError(
        'bad_request',
        `Position ${at} of the batch names item ${i}; the train part has items 0 to ${n - 1}.`,
      );
}

/** The rows of `data` at `indices`, float32; bytes become x / 255. */
export function gather(data: ItemArray | Int32Array, indices: Int32Array, width: number): Float32Array {
  const out = new Float32Array(indices.length * width);
  indices.forEach((item, row) => {
    out.set(data.subarray(item * width, (item + 1) * width), row * width);
  });
  return data instanceof Uint8Array ? scaleBytes(out) : out;
}

/** Items as the model takes them, float32; bytes become x / 255. */
export function asFloats(rows: ItemArray): Float32Array {
  return rows instanceof Uint8Array ? scaleBytes(Float32Array.from(rows)) : rows;
}

function scaleBytes(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]! * BYTE);
  return values;
}

/** 1 / 255 as float32: every engine multiplies by the same number. */
export const BYTE = Math.fround(1 / 255);
