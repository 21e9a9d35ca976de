import type { Pool, PoolClient } from 'pg';
import { DROP_CHECKPOINTS, KEEP_CHECKPOINT, PUT_ARTIFACT, SAVE_BEST, SWITCH_CHECKPOINT } from '../sql/runs.ts';
import { transaction } from '../sql/transaction.ts';
import { type Held, holdAttempt } from './queue.ts';

/** Blobs that are already written; this makes them the run's checkpoints, all or none. */

export interface LastCheckpoint {
  step: number;
  epoch: number;
  stateKey: string;
  /** SHA-256 of the state file */
  digest: string;
  metrics: Record<string, number>;
}

export interface BestCheckpoint {
  step: number;
  /** counted from 1; 0 where the run ended before its first epoch did */
  epoch: number;
  weightsKey: string;
  /** SHA-256 of the weights file */
  digest: string;
  bytes: number;
  metrics: Record<string, number>;
  /** name of the metric that chose it, in `metrics` */
  lead: string;
}

/** Weights of an epoch that are kept beside the best ones. */
export interface KeptCheckpoint {
  step: number;
  epoch: number;
  weightsKey: string;
  /** SHA-256 of the weights file */
  digest: string;
  metrics: Record<string, number>;
}

export const WEIGHTS_ARTIFACT = 'model.safetensors';

interface Switch {
  last?: LastCheckpoint | undefined;
  best?: BestCheckpoint | undefined;
  kept?: readonly KeptCheckpoint[];
  /** epochs that are kept no more */
  dropped?: readonly number[];
}

/**
 * Throws LeaseLostError, changing nothing, where the attempt no longer holds its run.
 * @returns the keys of kept weights that no row names any more
 */
export async function switchCheckpoints(pool: Pool, held: Held, checkpoints: Switch): Promise<string[]> {
  return transaction(pool, async (client) => {
    await holdAttempt(client, held);
    const { last, best, kept = [], dropped = [] } = checkpoints;
    if (last) await put(client, held, 'last', { ...last, weightsKey: last.stateKey });
    if (best) await putBest(client, held, best);
    if (kept.length + dropped.length === 0) return [];
    const run = [held.runId, held.attempt];
    // An epoch that is trained again after a crash replaces what the earlier attempt kept of it.
    const old = await client.query(DROP_CHECKPOINTS, [...run, [...dropped, ...kept.map(({ epoch }) => epoch)]]);
    for (const { epoch, step, weightsKey, digest, metrics } of kept)
      await client.query(KEEP_CHECKPOINT, [...run, epoch, step, weightsKey, digest, JSON.stringify(metrics)]);
    const named = new Set(kept.map(({ weightsKey }) => weightsKey));
    return old.rows.map(({ weightsKey }) => weightsKey as string).filter((key) => !named.has(key));
  });
}

async function putBest(client: PoolClient, held: Held, best: BestCheckpoint): Promise<void> {
  await put(client, held, 'best', { ...best, stateKey: null });
  await client.query(SAVE_BEST, [
    held.runId,
    held.attempt,
    best.epoch || null,
    best.metrics[best.lead] ?? null,
    JSON.stringify(best.metrics),
  ]);
  const artifact = [WEIGHTS_ARTIFACT, best.weightsKey, best.bytes, 'application/octet-stream'];
  await client.query(PUT_ARTIFACT, [held.runId, ...artifact]);
}

async function put(
  client: PoolClient,
  held: Held,
  kind: 'last' | 'best',
  c: {
    step: number;
    epoch: number;
    weightsKey: string;
    digest: string;
    stateKey: string | null;
    metrics: Record<string, number>;
  },
): Promise<void> {
  const row = [c.step, c.epoch, c.weightsKey, c.digest, c.stateKey, JSON.stringify(c.metrics)];
  await client.query(SWITCH_CHECKPOINT, [held.runId, held.attempt, kind, ...row]);
}
