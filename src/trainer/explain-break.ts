import type { Pool } from 'pg';
import { count } from '#core/format/numbers.ts';
import { breakWords } from '#core/run/break-words.ts';
import type { Ending } from '#core/run/stop-reasons.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Break, Fit } from '#engine/engine.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { Batches } from './fit/batches.ts';
import { fitLoop } from './fit/loop.ts';
import { type LoopState, newLoopState } from './fit/loop-state.ts';
import type { Prepared } from './prepare.ts';
import { readBatch, readItemNames } from './read-batch.ts';
import type { RunWriter } from './run-writer.ts';

/** Steps before the one whose loss was not finite that are looked at: an update breaks weights one step before the loss shows it. */
const STEPS_BEFORE = 2;
const MOST_MS = 120_000;

/**
 * A run whose loss was not finite: takes the steps since its last checkpoint again, up to those before the end, and takes these
 * apart one by one. @returns the ending with what broke first, at which step and with which items; as it was where nothing is found
 */
export async function explainBreak(
  ending: Ending,
  {
    prepared,
    store,
    pool,
    blobs,
    runId,
    writer,
    interrupted,
  }: {
    prepared: Prepared;
    store: CheckpointStore;
    pool: Pool;
    blobs: BlobStore;
    runId: string;
    writer: RunWriter;
    interrupted: () => boolean;
  },
): Promise<Ending> {
  const started = performance.now();
  const stop = () => interrupted() || performance.now() - started > MOST_MS;
  writer.log('info', 'The steps since the last checkpoint are taken again, to find what broke first.');
  try {
    const found = await replay(prepared, store, stop);
    if (!found) return ending;
    const names = await readItemNames(pool, blobs, runId, found.indices).catch(() =>
      [...found.indices].map((i) => `item ${i} of the train part`),
    );
    writer.log('error', `The batch of step ${count(found.step)} held: ${names.join(', ')}.`);
    return { ...ending, message: `${ending.message} ${breakWords(found.broken, found.step, names)}` };
  } catch (error) {
    console.error(error);
    writer.log('warning', `What broke first could not be found: ${(error as Error).message}`);
    return ending;
  }
}

interface Found {
  broken: Break;
  /** counted from 1 */
  step: number;
  indices: Int32Array;
}

async function replay(prepared: Prepared, store: CheckpointStore, stop: () => boolean): Promise<Found | null> {
  const { plan, state: broken, reopen, checkpointer } = prepared;
  await checkpointer.settled();
  // The broken one goes first: two at once may not fit into memory.
  await prepared.fit.close();
  const fit = await reopen();
  try {
    const resumable = await store.load(plan.monitor);
    if (resumable) await fit.restore(resumable.state);
    const state = resumable?.loop ?? newLoopState();
    const until = async (step: number) => {
      const ending = await fitLoop(fit, plan, state, [], () => state.step >= step || stop());
      return ending === null && state.step === step;
    };
    const first = Math.max(state.step, broken.step - STEPS_BEFORE);
    for (let step = first; step <= broken.step; step++) {
      if (!(await until(step))) return null;
      const found = await look(prepared, fit, state);
      if (found) return found;
    }
    return null;
  } finally {
    await fit.close();
  }
}

async function look(
  { engine, plan, train, input, specAt }: Prepared,
  fit: Fit,
  { step }: LoopState,
): Promise<Found | null> {
  const batches = new Batches(plan);
  const indices = batches.at(step);
  const batch = await readBatch(train, input, indices);
  const broken = await engine.findBreak(specAt(step), await fit.state(), batch, step);
  if (!broken) return null;
  // Weights were broken by the update of the step before, whose gradients were finite.
  if (broken.what === 'weights' && step > 0) return { broken, step, indices: batches.at(step - 1) };
  return { broken, step: step + 1, indices };
}
