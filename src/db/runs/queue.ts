import type { Pool, PoolClient } from 'pg';
import type { RunState } from '#core/run/lifecycle.ts';
import { type Ending, STOP_REASONS } from '#core/run/stop-reasons.ts';
import { ADD_LOG, CLAIM_RUN, COUNT_CRASHES, END_ATTEMPT, HOLD_ATTEMPT, RENEW_LEASES } from '../sql/runs.ts';

/** One try of a run by one trainer. `attempt` is the fencing token of everything that it writes. */
export interface Held {
  runId: string;
  attempt: number;
}

/** Another trainer has the run now; whoever meets this stops at once and writes nothing more. */
export class LeaseLostError extends Error {
  constructor({ runId, attempt }: Held) {
    super(`Attempt ${attempt} of run ${runId} no longer holds it.`);
    this.name = 'LeaseLostError';
  }
}

/** Takes the run that is next in line, or null where none waits. */
export async function claimRun(pool: Pool, trainerId: string): Promise<Held | null> {
  const { rows } = await pool.query<{ id: string; attempt: number }>(CLAIM_RUN, [trainerId]);
  return rows[0] ? { runId: rows[0].id, attempt: rows[0].attempt } : null;
}

/** @returns by run whether a person asked it to stop; runs that are missing were lost */
export async function renewLeases(pool: Pool, held: readonly Held[]): Promise<Map<string, boolean>> {
  if (held.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; stopRequested: boolean }>(RENEW_LEASES, [
    held.map((h) => h.runId),
    held.map((h) => h.attempt),
  ]);
  return new Map(rows.map((row) => [row.id, row.stopRequested]));
}

/** Inside a transaction: throws LeaseLostError unless the attempt still holds its run, and keeps it so until the commit. */
export async function holdAttempt(client: PoolClient, held: Held): Promise<void> {
  const { rowCount } = await client.query(HOLD_ATTEMPT, [held.runId, held.attempt]);
  if (rowCount === 0) throw new LeaseLostError(held);
}

/** Ends the run; throws LeaseLostError where the attempt no longer holds it. */
export async function endRun(db: Pick<Pool, 'query'>, held: Held, ending: Ending): Promise<void> {
  const state = STOP_REASONS[ending.reason];
  await endAttempt(db, held, state, ending, ending.reason === 'crashed' ? 'crashed' : state);
}

/** Gives the run back to the queue, to go on from its last checkpoint: the trainer shuts down, or the run's process died. */
export async function requeueRun(db: Pick<Pool, 'query'>, held: Held, outcome: 'released' | 'crashed'): Promise<void> {
  await endAttempt(db, held, null, null, outcome);
}

async function endAttempt(
  db: Pick<Pool, 'query'>,
  held: Held,
  state: RunState | null,
  ending: Ending | null,
  outcome: string,
): Promise<void> {
  const values = [held.runId, held.attempt, state, ending?.reason ?? null, ending?.message ?? null, outcome];
  const { rowCount } = await db.query(END_ATTEMPT, values);
  if (rowCount === 0) throw new LeaseLostError(held);
}

/** Crashes of the run's process since its last checkpoint, and that checkpoint's step. */
export async function countCrashes(pool: Pool, runId: string): Promise<{ crashes: number; step: number }> {
  const { rows } = await pool.query<{ crashes: number; step: number }>(COUNT_CRASHES, [runId]);
  return rows[0]!;
}

export interface LogLine {
  /** Unix ms */
  at: number;
  level: 'info' | 'warning' | 'error';
  message: string;
}

/** Whoever holds the run now: what an attempt says when it is over counts, too. */
export async function addLog(db: Pick<Pool, 'query'>, held: Held, lines: readonly LogLine[]): Promise<void> {
  await db.query(ADD_LOG, [held.runId, held.attempt, ...logColumns(lines)]);
}

/** The parameters that ADD_LOG and WRITE_RUN take. */
export function logColumns(lines: readonly LogLine[]): unknown[] {
  return [lines.map((l) => l.at), lines.map((l) => l.level), lines.map((l) => l.message)];
}
