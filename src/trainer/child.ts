import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import type { LeaseLostError } from '#db/runs/queue.ts';
import type { EngineInfo } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { env } from '#env';
import { Interruption } from './interruption.ts';
import { trainRun } from './train-run.ts';

/** The process of one attempt: `child.ts RUN ATTEMPT ENGINE`. A crash in foreign code takes this process along and nothing else. */

/** With the half second in which the supervisor hears of a stop, and the last writes, a stop takes under 2 s. */
const PATIENCE_MS = 900;
/** Ctrl-C ends every process within 5 s. */
const GIVE_UP_MS = 3_500;

const [runId, attempt, engine] = process.argv.slice(2) as [string, string, EngineInfo['kind']];
const { DATABASE_URL, HOLDOUT_DATA, HOLDOUT_TENSORFLOW, HOLDOUT_THREADS } = env();
const db = openDb(DATABASE_URL, 3);
const interruption = new Interruption(PATIENCE_MS);

function ask(wish: 'stop' | 'release'): void {
  interruption.ask(wish);
  if (wish === 'release') setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
}
// A trainer that was killed leaves a closed pipe behind; the run is given back all the same.
process.stderr.on('error', () => {});
process.on('message', ask);
// The trainer is gone: whoever starts next goes on from here at once.
process.on('disconnect', () => ask('release'));
process.on('SIGTERM', () => ask('release'));
// Ctrl-C reaches the whole group; the supervisor says what to do.
process.on('SIGINT', () => {});

function leave(error: LeaseLostError): never {
  console.error(error.message);
  process.exit(0);
}

await trainRun({
  pool: db.pool,
  blobs: openBlobs(HOLDOUT_DATA),
  held: { runId, attempt: Number(attempt) },
  openEngine: () => openEngine({ libDir: HOLDOUT_TENSORFLOW, threads: HOLDOUT_THREADS, prefer: engine }),
  interruption,
  onReady: () => process.send?.('ready'),
  onLost: leave,
}).catch(leave);
// Threads of the engine may still be in a step that was left behind.
process.exit(0);
