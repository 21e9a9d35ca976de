import type { Pool, PoolClient } from 'pg';
import { PUT_ARTIFACT, SAVE_BEST, SWITCH_CHECKPOINT } from '../sql/runs.ts';
import { transaction } from '../sql/transaction.ts';
import { type Held, holdAttempt } from './queue.ts';

/** Blobs that are already written; this makes them the run's checkpoint, both or none. */

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

export const WEIGHTS_ARTIFACT = 'model.safetensors';

/** Throws LeaseLostError, changing nothing, where the attempt no longer holds its run. */
export async function switchCheckpoints(
  pool: Pool,
  held: Held,
  checkpoints: { last?: LastCheckpoint | undefined; best?: BestCheckpoint | undefined },
): Promise<void> {
  await transaction(pool, async (client) => {
    await holdAttempt(client, held);
    const { last, best } = checkpoints;
    if (last) await put(client, held, 'last', { ...last, weightsKey: last.stateKey });
    if (!best) return;
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
  });
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
