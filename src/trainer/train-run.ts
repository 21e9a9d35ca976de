import type { Pool } from 'pg';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { summarise } from '#core/model/summary.ts';
import { type Ending, endingOfError } from '#core/run/stop-reasons.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { endRun, type Held, holdAttempt, LeaseLostError, requeueRun } from '#db/runs/queue.ts';
import { truncateSeriesIn } from '#db/series/series.ts';
import { START_ATTEMPT } from '#db/sql/runs.ts';
import { transaction } from '#db/sql/transaction.ts';
import type { Engine, EngineInfo, Fit } from '#engine/engine.ts';
import { CheckpointStore, type Resumable } from './checkpoint-store.ts';
import { Checkpointer } from './fit/checkpoint.ts';
import { logPoints } from './fit/log-points.ts';
import { logThroughput } from './fit/log-throughput.ts';
import { fitLoop } from './fit/loop.ts';
import { type LoopState, newLoopState } from './fit/loop-state.ts';
import { type FitPlan, planFit } from './fit/plan.ts';
import { stopEarly } from './fit/stop-early.ts';
import type { Interruption } from './interruption.ts';
import { loadRun } from './load-run.ts';
import { persist } from './persist.ts';
import { RunWriter } from './run-writer.ts';

export interface TrainRun {
  pool: Pool;
  blobs: BlobStore;
  held: Held;
  openEngine: () => Promise<Engine>;
  interruption: Interruption;
  /** another trainer has the run: end the process, write nothing */
  onLost: (error: LeaseLostError) => void;
}

/** One attempt of one run, from its packs to its final state in the database. Throws LeaseLostError; every other failure becomes the run's. */
export async function trainRun({ pool, blobs, held, openEngine, interruption, onLost }: TrainRun): Promise<void> {
  const writer = new RunWriter(pool, held, onLost);
  const store = new CheckpointStore(pool, blobs, held);
  const end = async (ending: Ending) => {
    writer.log(
      ending.reason === 'completed' || ending.reason === 'early_stopping' ? 'info' : 'warning',
      ending.message,
    );
    await writer.flushUntilDone();
    await persist(() => endRun(pool, held, ending));
    await store.deleteStates();
  };
  try {
    const run = await loadRun(pool, blobs, held.runId);
    const { config } = run;
    const input = inputOf(run.schema);
    const task = taskOf(run.schema);
    const plan = planFit(config, task, run.train.n);
    const engine = await openEngine();
    const { model, optimizer, l2, batchSize, seed } = config;
    const spec = { model, input, task, optimizer, l2, batchSize, seed };
    const fit = await engine.openFit(spec, run.train, run.validation);

    const resumed = await resume(fit, store, writer);
    const state = resumed?.loop ?? newLoopState();
    const { parameters } = summarise(model, input, batchSize);
    await persist(() => startAttempt(pool, held, plan, parameters, resumed, environmentOf(engine.info, fit)));
    writer.log('info', `${engine.info.version} on ${engine.info.device}, ${fit.mode.kind} step. ${fit.mode.reason}`);

    const checkpointer = new Checkpointer(fit, plan, store, writer, resumed?.best ?? null);
    const callbacks = [
      logPoints(writer, l2),
      logThroughput(writer),
      ...(config.earlyStopping ? [stopEarly(config.earlyStopping)] : []),
      checkpointer,
    ];
    const loop = fitLoop(fit, plan, state, callbacks, () => interruption.wish !== null);
    const left = Symbol();
    const outcome = await Promise.race([loop, interruption.expired.then(() => left)]);
    // A step that is left behind keeps the engine busy: then only what is in memory can be saved.
    const engineIsFree = outcome !== left;
    const ending = typeof outcome === 'symbol' ? null : outcome;

    if (ending === null && interruption.wish === 'release') {
      if (engineIsFree) await checkpointer.saveLast(state);
      await writer.flush().catch(() => {});
      return await requeueRun(pool, held, 'released');
    }
    await persist(() => checkpointer.saveBest(state, engineIsFree));
    await end(ending ?? stopped(state));
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    writer.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    await end(endingOfError(error));
  } finally {
    writer.close();
  }
}

async function resume(fit: Fit, store: CheckpointStore, writer: RunWriter): Promise<Resumable | null> {
  try {
    const resumed = await store.load();
    if (!resumed) return null;
    await fit.restore(resumed.state);
    writer.log('info', `Goes on from its checkpoint at step ${resumed.loop.step}.`);
    return resumed;
  } catch (error) {
    writer.log('warning', `Starts anew, because the checkpoint can't be used: ${(error as Error).message}`);
    return null;
  }
}

/** Series are cut where the checkpoint ends in the same transaction that says from where this attempt goes on. */
async function startAttempt(
  pool: Pool,
  held: Held,
  plan: FitPlan,
  parameters: number,
  resumed: Resumable | null,
  environment: Record<string, unknown>,
): Promise<void> {
  await transaction(pool, async (client) => {
    await holdAttempt(client, held);
    if (held.attempt > 1) await truncateSeriesIn(client, held.runId, resumed?.loop.step ?? 0);
    await client.query(START_ATTEMPT, [
      held.runId,
      held.attempt,
      JSON.stringify(environment),
      plan.totalSteps,
      parameters,
      resumed?.loop.step ?? null,
    ]);
  });
}

function environmentOf(info: EngineInfo, fit: Fit): Record<string, unknown> {
  const { kind, version, device, threads, reason } = info;
  return { engine: kind, version, device, threads, reason, mode: fit.mode.kind, modeReason: fit.mode.reason };
}

function stopped({ best, epoch }: LoopState): Ending {
  const kept =
    best.bestEpoch > 0 ? `The weights of epoch ${best.bestEpoch}, its best, are kept.` : 'Its last weights are kept.';
  return { reason: 'stopped_by_person', message: `Stopped in epoch ${epoch + 1}. ${kept}` };
}
