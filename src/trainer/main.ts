import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { probeEngine } from '#engine/probe.ts';
import { env } from '#env';
import { sweepStates } from './forget-state.ts';
import { persist } from './persist.ts';
import { registerTrainer } from './register.ts';
import { startRunProcess } from './run-process.ts';
import { Supervisor } from './supervisor.ts';

/** The trainer process: owns one device, takes runs from the queue, trains each in a child. */

const SWEEP_MS = 600_000;
const { DATABASE_URL, HOLDOUT_DATA, HOLDOUT_TENSORFLOW, HOLDOUT_ENGINE, HOLDOUT_THREADS, HOLDOUT_RUNS_AT_ONCE } = env();
const db = openDb(DATABASE_URL, 4);
const blobs = openBlobs(HOLDOUT_DATA);

const { info } = await probeEngine({
  libDir: HOLDOUT_TENSORFLOW,
  threads: HOLDOUT_THREADS,
  prefer: HOLDOUT_ENGINE,
});
console.error(`Trainer: ${info.version} on ${info.device}, ${info.threads} threads. ${info.reason}`);
const registration = await persist(() => registerTrainer(db.pool, info, HOLDOUT_RUNS_AT_ONCE));
const sweep = () => sweepStates(db.pool, blobs).catch((error) => console.error('Could not tidy up:', error.message));
await sweep();
setInterval(sweep, SWEEP_MS).unref();
const supervisor = new Supervisor(db.pool, registration.trainerId, HOLDOUT_RUNS_AT_ONCE, () =>
  startRunProcess(info.kind),
);

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await supervisor.close();
  await registration.end().catch((error) => console.error(`The trainer could not sign off: ${error.message}`));
  process.exit(0);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
// Started by another process that is gone: nobody would ever end this one.
process.on('disconnect', end);
