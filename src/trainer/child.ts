import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { LeaseLostError } from '#db/runs/queue.ts';
import { trainFirstStep } from '#engine/first-step.ts';
import { LostHostError } from '#engine/hosts.ts';
import { openEngine } from '#engine/open-engine.ts';
import { env } from '#env';
import { computeOptions } from './arguments.ts';
import { Interruption } from './interruption.ts';
import type { ChildOptions, ToChild } from './run-process.ts';
import { trainRun } from './train-run.ts';

/**
 * The process of one attempt: `child.ts OPTIONS` loads the engine, then waits to be told which run to train.
 * A crash in foreign code takes this process along and nothing else.
 */

/** With the half second in which the supervisor hears of a stop, and the last writes, a stop takes under 2 s. */
const PATIENCE_MS = 900;
/** Ctrl-C ends every process within 5 s. */
const GIVE_UP_MS = 3_500;

const interruption = new Interruption(PATIENCE_MS);
const order = Promise.withResolvers<ToChild & { kind: 'train' }>();
let ordered = false;
function release(): void {
  if (!ordered) process.exit(0);
  interruption.ask('release');
  setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
}
// A trainer that was killed leaves a closed pipe behind; the run is given back all the same.
process.stderr.on('error', () => {});
process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') interruption.ask('stop');
  else if (message.kind === 'release') release();
  else {
    ordered = true;
    order.resolve(message);
  }
});
// The trainer is gone: whoever starts next goes on from here at once.
process.on('disconnect', release);
process.on('SIGTERM', release);
// Ctrl-C reaches the whole group; the supervisor says what to do.
process.on('SIGINT', () => {});

const { DATABASE_URL, HOLDOUT_DATA, HOLDOUT_TENSORFLOW, HOLDOUT_THREADS } = env();
const { engine: prefer, compute, memory } = JSON.parse(process.argv[2]!) as ChildOptions;
const engine = openEngine({
  libDir: HOLDOUT_TENSORFLOW,
  threads: HOLDOUT_THREADS,
  prefer,
  ...computeOptions(compute),
}).then(async (opened) => {
  // Memory may be short just now, which says nothing of a run that comes later.
  if (!ordered) await trainFirstStep(opened).catch((error) => console.error('The first step failed:', error));
  return opened;
});
// A failure becomes that of the run, once there is one.
engine.catch(() => {});

function leave(error: unknown): never {
  console.error(error instanceof LeaseLostError || error instanceof LostHostError ? error.message : error);
  process.exit(error instanceof LeaseLostError ? 0 : 1);
}

const { pool } = openDb(DATABASE_URL, 3, 1);
// The first connection takes as long as thirty steps of a small network. One that fails now says so when the run needs it.
pool.query('SELECT 1').catch(() => {});

const { held } = await order.promise;
await trainRun({
  pool,
  blobs: openBlobs(HOLDOUT_DATA),
  held,
  memory,
  openEngine: () => engine,
  interruption,
  onReady: () => process.send?.('ready'),
  onLost: leave,
}).catch(leave);
// Threads of the engine may still be in a step that was left behind.
process.exit(0);
