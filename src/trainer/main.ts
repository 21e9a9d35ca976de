import { totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { runMemory } from '#core/model/data-memory.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { parseDevices } from '#engine/devices.ts';
import { probeEngine } from '#engine/probe.ts';
import { env } from '#env';
import { sweepStates } from './forget-state.ts';
import { persist } from './persist.ts';
import { registerTrainer } from './register.ts';
import { startRunProcess } from './run-process.ts';
import { Supervisor } from './supervisor.ts';

/**
 * The trainer process: owns one device, or those that `--device gpu:0,gpu:1` names; takes runs from the queue, trains each in a child.
 */

const SWEEP_MS = 600_000;
const {
  DATABASE_URL,
  HOLDOUT_DATA,
  HOLDOUT_TENSORFLOW,
  HOLDOUT_ENGINE,
  HOLDOUT_THREADS,
  HOLDOUT_MEMORY,
  HOLDOUT_RUNS_AT_ONCE,
} = env();
const db = openDb(DATABASE_URL, 4);
const blobs = openBlobs(HOLDOUT_DATA);

const { device } = parseArgs({ options: { device: { type: 'string' } }, allowPositionals: true }).values;
const { info } = await probeEngine({
  libDir: HOLDOUT_TENSORFLOW,
  threads: HOLDOUT_THREADS,
  devices: device === undefined ? undefined : parseDevices(device),
  prefer: HOLDOUT_ENGINE,
});
console.error(`Trainer: ${info.version} on ${info.device}, ${info.threads} threads. ${info.reason}`);
const capacity = { memoryBytes: ownMemory(info.memoryBytes, HOLDOUT_MEMORY), slots: HOLDOUT_RUNS_AT_ONCE };
const registration = await persist(() => registerTrainer(db.pool, info, capacity));
const sweep = () => sweepStates(db.pool, blobs).catch((error) => console.error('Could not tidy up:', error.message));
await sweep();
setInterval(sweep, SWEEP_MS).unref();
const supervisor = new Supervisor(db.pool, registration.trainerId, HOLDOUT_RUNS_AT_ONCE, () =>
  startRunProcess({ engine: info.kind, device, memory: runMemory(capacity) }),
);

/** What this process may take: its GPU's memory; else the machine's, in a container the container's limit. */
function ownMemory(gpu: number | null, limit = Number.POSITIVE_INFINITY): number {
  return Math.min(limit, gpu ?? Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY));
}

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
