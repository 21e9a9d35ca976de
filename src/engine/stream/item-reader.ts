import { Worker } from 'node:worker_threads';
import { AppError } from '#core/errors.ts';
import type { ItemArray, ItemsFile } from '../engine.ts';
import { itemSize, type Part, type PartLayout } from '../part.ts';
import type { ItemWorkerData, ReadReply, ReadRequest } from './item-worker.ts';

interface Batch {
  indices: Int32Array;
  rows: Promise<ArrayBuffer>;
}

/** More were prefetched for steps that never came. */
const MOST_AHEAD = 4;

/**
 * Reads items of a part that stays in its file, on a thread of its own: the file is never whole in memory, only the batches
 * that were asked for. Buffers go to the thread and back without a copy and are used again.
 */
export class ItemReader {
  readonly #worker: Worker;
  readonly #itemBytes: number;
  readonly #array: typeof Uint8Array | typeof Float32Array;
  readonly #waiting: { resolve: (rows: ArrayBuffer) => void; reject: (error: unknown) => void }[] = [];
  readonly #ahead: Batch[] = [];
  readonly #free: ArrayBuffer[] = [];
  #lent: ArrayBuffer | undefined;
  #broken: unknown;

  constructor({ file, begin }: ItemsFile, part: PartLayout) {
    this.#array = part.bytes ? Uint8Array : Float32Array;
    this.#itemBytes = itemSize(part) * this.#array.BYTES_PER_ELEMENT;
    const workerData: ItemWorkerData = { file, begin, itemBytes: this.#itemBytes };
    this.#worker = new Worker(new URL('./item-worker.ts', import.meta.url), { workerData, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', ({ into, error }: ReadReply) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (error === undefined) resolve(into);
      else reject(unreadable(error));
    });
    this.#worker.on('error', (error) => {
      this.#broken = unreadable(error.message, error);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
    });
  }

  /** Begins to read what a later `read` will ask for. Prefetched batches are taken in the order in which they were named. */
  prefetch(indices: Int32Array): void {
    const rows = this.#ask(indices);
    // Who takes the batch hears of it.
    rows.catch(() => {});
    this.#ahead.push({ indices, rows });
    this.#forget(Math.max(0, this.#ahead.length - MOST_AHEAD));
  }

  /** Batches that were prefetched and not read yet. */
  get ahead(): number {
    return this.#ahead.length;
  }

  /** The items at `indices`, one after the other, valid until the next `read`. Throws AppError `invalid_data` where the file is damaged or gone. */
  async read(indices: Int32Array): Promise<ItemArray> {
    const rows = await this.#take(indices);
    if (this.#lent) this.#free.push(this.#lent);
    this.#lent = rows;
    return new this.#array(rows, 0, (indices.length * this.#itemBytes) / this.#array.BYTES_PER_ELEMENT);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** What was prefetched, if it is this: what was named before it never came. Else a read in between, such as one for gradients, leaves all as it is. */
  #take(indices: Int32Array): Promise<ArrayBuffer> {
    const at = this.#ahead.findIndex((batch) => sameNumbers(batch.indices, indices));
    if (at < 0) return this.#ask(indices);
    this.#forget(at);
    return this.#ahead.shift()!.rows;
  }

  /** The first `n` that were prefetched; their memory is used again. */
  #forget(n: number): void {
    for (const { rows } of this.#ahead.splice(0, n)) rows.then((buffer) => this.#free.push(buffer)).catch(() => {});
  }

  #ask(indices: Int32Array): Promise<ArrayBuffer> {
    if (this.#broken) return Promise.reject(this.#broken);
    const bytes = indices.length * this.#itemBytes;
    const at = this.#free.findIndex((buffer) => buffer.byteLength >= bytes);
    const into = at < 0 ? new ArrayBuffer(bytes) : this.#free.splice(at, 1)[0]!;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ indices, into } satisfies ReadRequest, [into]);
    });
  }
}

export type PartReaders = { [name in 'train' | 'validation']?: ItemReader };

/** One reader for each part that stays in its file. */
export function openReaders(parts: Record<'train' | 'validation', Part>): PartReaders {
  const readers: PartReaders = {};
  for (const name of ['train', 'validation'] as const) {
    const { x } = parts[name];
    if (!ArrayBuffer.isView(x)) readers[name] = new ItemReader(x, parts[name]);
  }
  return readers;
}

export async function closeReaders({ train, validation }: PartReaders): Promise<void> {
  await Promise.all([train?.close(), validation?.close()]);
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError(
    'invalid_data',
    `The data set's stored file can't be read: ${why}. Check the disk of the data folder, then launch the run again.`,
    { cause },
  );
}

function sameNumbers(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
