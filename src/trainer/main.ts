import { totalmem } from 'node:os';
import { runMemory } from '#core/model/data-memory.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { probeEngine } from '#engine/probe.ts';
import { serveHost } from '#engine/serve-host.ts';
import { env } from '#env';
import { computeOptions, readArguments } from './arguments.ts';
import { sweepStates } from './forget-state.ts';
import { persist } from './persist.ts';
import { registerTrainer } from './register.ts';
import { startRunProcess } from './run-process.ts';
import { Supervisor } from './supervisor.ts';

/**
 * The trainer process: owns one device, or those that `--device gpu:0,gpu:1` names; takes runs from the queue, trains each in a child.
 * With `--hosts A,B` the first machine's runs may spread over all of them, and those with `--task 1` and on only lend it their device.
 */

const SWEEP_MS = 600_000;
const compute = readArguments(process.argv.slice(2));
const { devices, hosts } = computeOptions(compute);
const { HOLDOUT_TENSORFLOW, HOLDOUT_ENGINE, HOLDOUT_THREADS } = env();
const options = { libDir: HOLDOUT_TENSORFLOW, threads: HOLDOUT_THREADS, devices, prefer: HOLDOUT_ENGINE };

if (hosts && hosts.task > 0) await lend();
else await takeRuns();

/** Until it is ended; nothing here needs an end of its own. */
async function lend(): Promise<void> {
  await serveHost({ ...options, hosts: hosts! });
  console.error(`Trainer: lends its device to ${hosts!.addresses[0]}, on ${hosts!.addresses[hosts!.task]}.`);
  const end = () => process.exit(0);
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, end);
  setInterval(() => {}, SWEEP_MS);
}

async function takeRuns(): Promise<void> {
  const { DATABASE_URL, HOLDOUT_DATA, HOLDOUT_MEMORY, HOLDOUT_RUNS_AT_ONCE } = env();
  const db = openDb(DATABASE_URL, 4);
  const blobs = openBlobs(HOLDOUT_DATA);
  const probed = await probeEngine(options);
  const info = hosts ? { ...probed.info, device: hosts.addresses.join(), devices: hosts.addresses } : probed.info;
  console.error(`Trainer: ${info.version} on ${info.device}, ${info.threads} threads. ${info.reason}`);
  // Each run serves its host's port.
  const slots = hosts ? 1 : HOLDOUT_RUNS_AT_ONCE;
  const capacity = { memoryBytes: ownMemory(info.memoryBytes, HOLDOUT_MEMORY), slots };
  const registration = await persist(() => registerTrainer(db.pool, info, capacity));
  const sweep = () => sweepStates(db.pool, blobs).catch((error) => console.error('Could not tidy up:', error.message));
  await sweep();
  setInterval(sweep, SWEEP_MS).unref();
  const supervisor = new Supervisor(db.pool, registration.trainerId, slots, () =>
    startRunProcess({ engine: info.kind, compute, memory: runMemory(capacity) }),
  );

  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await supervisor.close();
    await registration.end().catch((error) => console.error(`The trainer could not sign off: ${error.message}`));
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Started by another process that is gone: nobody would ever end this one.
  process.on('disconnect', end);
}

/** What this process may take: its GPU's memory; else the machine's, in a container the container's limit. */
function ownMemory(gpu: number | null, limit = Number.POSITIVE_INFINITY): number {
  return Math.min(limit, gpu ?? Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY));
}
