import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * Decoded items of equal size in one temporary file, written in order and read in any: memory stays at one block
 * however large the data is. It holds test items, so it lives in the job's folder and goes before the seal is declared.
 */
export class Scratch {
  readonly recordBytes: number;
  readonly #fd: number;
  readonly #block: Buffer;
  #filled = 0;
  #written = 0;
  n = 0;

  constructor(path: string, recordBytes: number) {
    this.recordBytes = recordBytes;
    this.#fd = openSync(path, 'w+', 0o600);
    this.#block = Buffer.allocUnsafe(Math.max(1, Math.floor((1 << 20) / recordBytes)) * recordBytes);
  }

  add(record: Uint8Array): void {
    if (record.length !== this.recordBytes)
      throw new Error(`A record of ${record.length}, not ${this.recordBytes} bytes.`);
    if (this.#filled === this.#block.length) this.#flush();
    this.#block.set(record, this.#filled);
    this.#filled += record.length;
    this.n++;
  }

  #flush(): void {
    let at = 0;
    while (at < this.#filled) at += writeSync(this.#fd, this.#block, at, this.#filled - at, this.#written + at);
    this.#written += this.#filled;
    this.#filled = 0;
  }

  /** The records of `items`, joined to blocks of about 1 MB. */
  async *blocks(items: readonly number[]): AsyncGenerator<Buffer> {
    this.#flush();
    const perBlock = Math.max(1, Math.floor((1 << 20) / this.recordBytes));
    for (let from = 0; from < items.length; from += perBlock) {
      const wanted = items.slice(from, from + perBlock);
      const block = Buffer.allocUnsafe(wanted.length * this.recordBytes);
      wanted.forEach((item, k) => {
        this.#read(block.subarray(k * this.recordBytes, (k + 1) * this.recordBytes), item);
      });
      yield block;
      // Leases must be renewed and events heard while millions of records go by.
      await new Promise(setImmediate);
    }
  }

  /** Records as float64 rows; the row given is overwritten by the next. */
  async *rows(items: readonly number[]): AsyncGenerator<Float64Array> {
    const width = this.recordBytes / 8;
    for await (const block of this.blocks(items)) {
      const copy = new Float64Array(block.length / 8);
      new Uint8Array(copy.buffer).set(block);
      for (let at = 0; at < copy.length; at += width) yield copy.subarray(at, at + width);
    }
  }

  #read(into: Buffer, item: number): void {
    let at = 0;
    while (at < into.length) {
      const got = readSync(this.#fd, into, at, into.length - at, item * this.recordBytes + at);
      if (got === 0) throw new Error(`The scratch file ends before item ${item}.`);
      at += got;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
