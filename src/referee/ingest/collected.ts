import type { FeatureColumn } from '#core/data/encode-row.ts';
import type { ProblemList } from '#core/data/report.ts';
import type { ImageShape } from './image.ts';
import type { Scratch } from './scratch.ts';

/** Every usable item of an upload, read under the person's decision; n items. */
export interface Collected {
  n: number;
  /** images: uint8 [H, W, C] an item; tables: float64 [columns], raw */
  x: Scratch;
  input: { type: 'image'; shape: ImageShape } | { type: 'table'; columns: FeatureColumn[] };
  output:
    | { type: 'classes'; target: string; of: string[] }
    /** values: float64 [n, targets], NaN where missing */
    | { type: 'numbers'; targets: string[]; values: Float64Array };
  /** of the inputs, 32 bytes an item */
  fingerprints: Buffer;
  nameOf(item: number): string;
  dropped: ProblemList;
}

/** Numbers that grow: float64, doubled when full. */
export class Numbers {
  #values = new Float64Array(1024);
  #n = 0;

  add(values: ArrayLike<number>): void {
    while (this.#n + values.length > this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(values, this.#n);
    this.#n += values.length;
  }

  all(): Float64Array {
    return this.#values.subarray(0, this.#n);
  }
}
