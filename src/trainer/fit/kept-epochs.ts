import { type CheckpointsSpec, keptEpochs } from '#core/run/kept-checkpoints.ts';
import type { EpochWeights } from '../checkpoint-store.ts';

export interface KeptChange {
  kept: readonly EpochWeights[];
  dropped: readonly number[];
}

/** Decides after each epoch whose weights are kept beside the best ones, and knows what of that is not saved yet. */
export class KeptEpochs {
  readonly #spec: CheckpointsSpec;
  readonly #direction: 'min' | 'max';
  /** what is watched, of the epochs that are kept */
  readonly #values: Map<number, number>;
  readonly #unsaved = new Map<number, EpochWeights>();
  readonly #dropped = new Set<number>();

  /** @param values of the epochs that an earlier attempt kept */
  constructor(spec: CheckpointsSpec, direction: 'min' | 'max', values: ReadonlyMap<number, number>) {
    this.#spec = spec;
    this.#direction = direction;
    this.#values = new Map(values);
  }

  /** Bytes of weights that wait in memory. */
  get waiting(): number {
    let bytes = 0;
    for (const { weights } of this.#unsaved.values()) for (const { data } of weights.values()) bytes += data.byteLength;
    return bytes;
  }

  /** @param weights asked for where the epoch is kept */
  async add(epoch: number, value: number, weights: () => Promise<EpochWeights>): Promise<void> {
    this.#values.set(epoch, value);
    const kept = keptEpochs(this.#spec, this.#direction, this.#values);
    for (const known of [...this.#values.keys()]) {
      const why = kept.get(known);
      // The single best one has a file of its own.
      if (why && (why.periodic || this.#spec.keepBest > 1)) continue;
      this.#values.delete(known);
      this.#unsaved.delete(known);
      this.#dropped.add(known);
    }
    if (!this.#values.has(epoch)) return void this.#dropped.delete(epoch);
    this.#unsaved.set(epoch, await weights());
  }

  /** What is to be saved now; `saved` forgets it once it is. */
  change(): KeptChange {
    return { kept: [...this.#unsaved.values()], dropped: [...this.#dropped] };
  }

  saved({ kept, dropped }: KeptChange): void {
    for (const each of kept) if (this.#unsaved.get(each.epoch) === each) this.#unsaved.delete(each.epoch);
    for (const epoch of dropped) this.#dropped.delete(epoch);
  }
}
