import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { decodeSafetensors, encodeSafetensors } from '#core/format/safetensors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { type KeptCheckpoint, switchCheckpoints } from '#db/runs/checkpoints.ts';
import type { Held } from '#db/runs/queue.ts';
import type { TensorMap } from '#engine/engine.ts';
import { type LoopState, loopStateSchema } from './fit/loop-state.ts';

export interface EpochWeights {
  weights: TensorMap;
  /** 0 where the run ended before its first epoch did */
  epoch: number;
  step: number;
  metrics: Record<string, number>;
}

export interface Resumable {
  state: TensorMap;
  loop: LoopState;
  best: EpochWeights | null;
  /** what is watched, of the epochs whose weights are kept beside the best ones */
  kept: Map<number, number>;
}

interface Save {
  last?: { state: TensorMap; loop: LoopState };
  best?: EpochWeights;
  kept?: readonly EpochWeights[];
  /** epochs that are kept no more */
  dropped?: readonly number[];
  /** name of the metric that a run is known by */
  lead: string;
}

/**
 * Checkpoints of one attempt. Files lie in a folder of the attempt and take turns (state-0, state-1), so that a row never
 * names a half-written file, a crash leaves no third one, and an attempt that lost its lease can't touch another's.
 */
export class CheckpointStore {
  readonly #pool: Pool;
  readonly #blobs: BlobStore;
  readonly #held: Held;
  readonly #turn = { state: 0, best: 0 };
  /** kinds that this attempt has saved: once both are, nothing names an older attempt's files */
  readonly #saved = new Set<'state' | 'best'>();

  constructor(pool: Pool, blobs: BlobStore, held: Held) {
    this.#pool = pool;
    this.#blobs = blobs;
    this.#held = held;
  }

  /**
   * What an earlier attempt left, read and verified; null where there is nothing. Throws AppError where it is damaged.
   * @param monitor the series by which kept epochs are compared
   */
  async load(monitor: string): Promise<Resumable | null> {
    const { rows } = await this.#pool.query<{
      kind: 'last' | 'best';
      step: number;
      epoch: number;
      weightsKey: string;
      stateKey: string | null;
      digest: string;
      metrics: Record<string, number>;
    }>(`SELECT kind, step, epoch, "weightsKey", "stateKey", digest, metrics FROM "Checkpoint" WHERE "runId" = $1`, [
      this.#held.runId,
    ]);
    const last = rows.find((row) => row.kind === 'last' && row.stateKey !== null);
    if (!last) return null;
    const { tensors, metadata } = await this.#read(last.weightsKey, last.digest);
    const loop = loopStateSchema.parse(JSON.parse(metadata.loop ?? 'null'));
    const best = rows.find((row) => row.kind === 'best');
    const kept = await this.#pool.query<{ epoch: number; value: number | null }>(
      `SELECT epoch, (metrics->>$2::text)::float8 AS value FROM "KeptCheckpoint" WHERE "runId" = $1 AND epoch <= $3`,
      [this.#held.runId, monitor, loop.epoch],
    );
    return {
      kept: new Map(kept.rows.map(({ epoch, value }) => [epoch, value ?? Number.NaN])),
      state: tensors,
      loop,
      best: best
        ? {
            weights: (await this.#read(best.weightsKey, best.digest)).tensors,
            epoch: best.epoch,
            step: best.step,
            metrics: best.metrics,
          }
        : null,
    };
  }

  /**
   * Every file is on disk before the rows switch, together; what they replace is deleted after.
   * Throws LeaseLostError.
   */
  async save({ last, best, kept = [], dropped = [], lead }: Save): Promise<void> {
    const turn = { ...this.#turn };
    const state = last && (await this.#write(`state-${turn.state}`, last.state, { loop: JSON.stringify(last.loop) }));
    const weights = best && (await this.#write(`best-${turn.best}`, best.weights, placeOf(best)));
    const keptRows: KeptCheckpoint[] = [];
    for (const { weights: tensors, ...row } of kept) {
      const { key, digest } = await this.#write(`epoch-${row.epoch}`, tensors, placeOf(row), 'kept');
      keptRows.push({ ...row, weightsKey: key, digest });
    }
    const unnamed = await switchCheckpoints(this.#pool, this.#held, {
      last: state && {
        stateKey: state.key,
        digest: state.digest,
        step: last.loop.step,
        epoch: last.loop.epoch,
        metrics: last.loop.metrics,
      },
      best: weights && {
        weightsKey: weights.key,
        digest: weights.digest,
        bytes: weights.bytes,
        step: best.step,
        epoch: best.epoch,
        metrics: best.metrics,
        lead,
      },
      kept: keptRows,
      dropped,
    });
    for (const key of unnamed) await this.#blobs.delete(key);
    // Only once the rows name the new files may the next turn begin and the old files go.
    if (state) {
      this.#turn.state = 1 - turn.state;
      await this.#blobs.delete(this.#key(`state-${this.#turn.state}`));
    }
    if (weights) {
      this.#turn.best = 1 - turn.best;
      await this.#blobs.delete(this.#key(`best-${this.#turn.best}`));
    }
    const before = this.#saved.size;
    if (state) this.#saved.add('state');
    if (weights) this.#saved.add('best');
    if (before < 2 && this.#saved.size === 2) await this.#deleteOlder();
  }

  async #deleteOlder(): Promise<void> {
    for (let attempt = 1; attempt < this.#held.attempt; attempt++)
      await this.#blobs.deleteAll(`runs/${this.#held.runId}/${attempt}`);
  }

  #key(name: string): string {
    return `runs/${this.#held.runId}/${this.#held.attempt}/${name}.safetensors`;
  }

  /** Kept weights outlive the folder of their attempt. */
  #keptKey(name: string): string {
    return `runs/${this.#held.runId}/kept/${name}-${this.#held.attempt}.safetensors`;
  }

  async #write(name: string, tensors: TensorMap, metadata: Record<string, string>, kind?: 'kept') {
    const key = kind ? this.#keptKey(name) : this.#key(name);
    const bytes = encodeSafetensors(tensors, metadata);
    await this.#blobs.put(key, bytes);
    return { key, digest: sha256(bytes), bytes: bytes.length };
  }

  async #read(key: string, digest: string): Promise<{ tensors: TensorMap; metadata: Record<string, string> }> {
    const bytes = await this.#blobs.get(key);
    if (sha256(bytes) !== digest)
      throw new Error(`The checkpoint ${key} is damaged: its digest is not the one stored.`);
    const { tensors, metadata } = decodeSafetensors(bytes, 'The checkpoint');
    return { tensors: tensors as TensorMap, metadata };
  }
}

function placeOf({ epoch, step }: Pick<EpochWeights, 'epoch' | 'step'>): Record<string, string> {
  return { epoch: String(epoch), step: String(step) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
