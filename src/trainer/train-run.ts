import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { isCheck } from '#core/run/modes.ts';
import { type Ending, endingOfError, STOP_REASONS, type StopReason } from '#core/run/stop-reasons.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { endRun, type Held, LeaseLostError, requeueRun } from '#db/runs/queue.ts';
import type { Engine } from '#engine/engine.ts';
import { LostHostError } from '#engine/hosts.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { explainBreak } from './explain-break.ts';
import { forgetState } from './forget-state.ts';
import type { Interruption } from './interruption.ts';
import { isPassing, persist } from './persist.ts';
import { type Prepared, prepare } from './prepare.ts';
import { reportItems } from './report-items.ts';
import { RunWriter } from './run-writer.ts';
import { train } from './train.ts';

export interface TrainRun {
  pool: Pool;
  blobs: BlobStore;
  held: Held;
  /** bytes that the run may take */
  memory: number;
  openEngine: () => Promise<Engine>;
  interruption: Interruption;
  /** everything is loaded: from now on an interruption is heard at once */
  onReady: () => void;
  /** another trainer has the run: end the process, write nothing */
  onLost: (error: LeaseLostError) => void;
}

const STOP_REPORT_MS = 500;
/** What can't be asked again. */
const ENGINE_FAILED: ReadonlySet<StopReason> = new Set(['out_of_memory', 'engine_error', 'bad_data']);

/** One attempt of one run, from its packs to its final state in the database. Throws LeaseLostError; every other failure becomes the run's. */
export async function trainRun({
  pool,
  blobs,
  held,
  memory,
  openEngine,
  interruption,
  onReady,
  onLost,
}: TrainRun): Promise<void> {
  const writer = new RunWriter(pool, held, onLost);
  const store = new CheckpointStore(pool, blobs, held);
  let prepared: Prepared | null = null;

  const begin = async (): Promise<Ending | null> => {
    prepared = await prepare({ pool, blobs, held, memory, store, writer, openEngine });
    onReady();
    const interrupted = () => interruption.wish !== null;
    const ending = await train(prepared, writer, store, interrupted);
    if (ending?.reason !== 'not_a_number' || isCheck(prepared.plan.config)) return ending;
    return explainBreak(ending, { prepared, store, pool, blobs, runId: held.runId, writer, interrupted });
  };
  // What is under way when the patience is over is left behind: then only what is in memory can be saved.
  const left = Symbol();
  const outcome = await Promise.race([
    begin().catch((error: unknown) => {
      // The process ends, and the run goes on from its last checkpoint once its hosts answer.
      if (error instanceof LeaseLostError || error instanceof LostHostError) throw error;
      // The stack is for the server's log; the team reads what went wrong.
      console.error(error);
      writer.log('error', error instanceof Error ? error.message : String(error));
      return endingOfError(error);
    }),
    interruption.expired.then((): typeof left => left),
  ]);
  const engineIsFree = outcome !== left;
  const ending = outcome === left ? null : outcome;

  if (ending === null && interruption.wish === 'release')
    return giveBack(pool, held, writer, engineIsFree ? prepared : null);
  const whole = engineIsFree && (ending === null || STOP_REASONS[ending.reason] !== 'failed');
  const saving = persist(() => saveWeights(prepared, whole, ending === null)).then(
    (epoch) => ({
      kept: true,
      saved: ending ?? (prepared && isCheck(prepared.plan.config) ? STOPPED_CHECK : stopped(epoch)),
    }),
    (error: unknown) => {
      if (error instanceof LeaseLostError) throw error;
      return { kept: false, saved: notSaved(error) };
    },
  );
  const answers = engineIsFree && !(ending && ENGINE_FAILED.has(ending.reason));
  const report = () => (prepared && answers ? reportItems(prepared, pool, held, writer, saving) : undefined);
  // Files are written while the engine answers.
  if (ending) await Promise.all([saving, report()]);
  const { saved } = await saving;
  // A stop is answered within 2 s: a large validation part has to wait for another run.
  if (!ending) await Promise.race([report(), setTimeout(STOP_REPORT_MS)]);
  await end(pool, blobs, held, writer, saved);
  writer.close();
}

/** To the queue, with a checkpoint of the very last step where the engine is free to give one. */
async function giveBack(pool: Pool, held: Held, writer: RunWriter, prepared: Prepared | null): Promise<void> {
  try {
    if (prepared && !isCheck(prepared.plan.config)) await prepared.checkpointer.saveLast(prepared.state);
    await writer.flush();
    await requeueRun(pool, held, 'released');
  } catch (error) {
    // Postgres went first: the lease ends by itself, and the run goes on from the checkpoint before.
    if (!isPassing(error)) throw error;
  } finally {
    writer.close();
  }
}

/**
 * The best weights, what else is kept, and, where the engine is free to give them and nothing broke, those of the last step.
 * @param present whether the present ones are kept as the best where no epoch was finished
 * @returns the epoch whose weights are kept (0: before the first one ended), or null where none are
 */
async function saveWeights(prepared: Prepared | null, whole: boolean, present: boolean): Promise<number | null> {
  if (!prepared || isCheck(prepared.plan.config)) return null;
  const { checkpointer, state } = prepared;
  if (whole && state.step > 0) await checkpointer.saveLast(state);
  return checkpointer.saveBest(state, whole && present && state.step > 0);
}

async function end(pool: Pool, blobs: BlobStore, held: Held, writer: RunWriter, ending: Ending): Promise<void> {
  writer.log(STOP_REASONS[ending.reason] === 'finished' ? 'info' : 'warning', ending.message);
  await writer.flushUntilDone();
  await persist(() => endRun(pool, held, ending));
  await forgetState(pool, blobs, held.runId);
}

/** The blob store refused its best weights: a full disk, most often. Training it all again would change nothing. */
function notSaved(error: unknown): Ending {
  console.error(error);
  const why = error instanceof Error ? error.message : String(error);
  return {
    reason: 'engine_error',
    message: `Its best weights could not be saved: ${why}. Make room in the data folder of the server, then launch it again.`,
  };
}

const STOPPED_CHECK: Ending = { reason: 'stopped_by_person', message: 'Stopped before it was done.' };

function stopped(keptEpoch: number | null): Ending {
  const kept =
    keptEpoch === null
      ? 'It had trained too little to keep its weights.'
      : keptEpoch === 0
        ? 'Its last weights are kept: no epoch was finished.'
        : `The weights of epoch ${keptEpoch}, its best, are kept.`;
  return { reason: 'stopped_by_person', message: `Stopped. ${kept}` };
}
