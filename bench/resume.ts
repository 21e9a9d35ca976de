import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import type { RunConfig } from '#core/config/run-config.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { type Db, openDb } from '#db/client.ts';
import { freePort, startPostgres } from '#db/postgres/start.ts';
import { listSeries, readSeries } from '#db/series/series.ts';
import { makeRun } from '#db/testing/fixtures.ts';
import { startRunProcess } from '#trainer/run-process.ts';
import { Supervisor } from '#trainer/supervisor.ts';
import { digitsConfig, digitsProject } from '#trainer/testing.ts';

/**
 * kill -9 of a training at a random moment, again and again; each time it goes on from its checkpoint. Every loss and metric that
 * it logged is then compared with those of a run that nobody killed. Exits with 1 where one thread differs in a bit, or more
 * threads by more than 1e-6 of the value.
 *
 * node bench/resume.ts [--kills 20] [--threads 1,2]
 */
const { values: options } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, threads: { type: 'string', default: '1,2' } },
});
const KILLS = Number(options.kills);
const TOLERANCE = 1e-6;
/** Longest wait between a checkpoint and the kill; checkpoints come every 5 s. */
const MOST_MS = 5_000;

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-resume-'));
await chmod(folder, 0o755);
const postgres = await startPostgres({ dir: path.join(folder, 'postgres'), password: 'bench', port: await freePort() });
const env = { DATABASE_URL: postgres.url, HOLDOUT_DATA: folder };
Object.assign(process.env, env);
await promisify(execFile)(process.execPath, [path.resolve('scripts/migrate.ts'), 'deploy'], { env: process.env });
const db = openDb(postgres.url, 4);
const blobs = openBlobs(folder);
const project = await digitsProject(db, blobs);
try {
  for (const threads of options.threads.split(',').map(Number)) await compare(threads);
} finally {
  await db.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function compare(threads: number): Promise<void> {
  process.env.HOLDOUT_THREADS = String(threads);
  // Everything that a resumed run has to remember: order, noise, slots, averages, what schedule and early stopping have seen.
  const config = digitsConfig({
    model: {
      layers: [
        { type: 'conv2d', filters: threads > 1 ? 48 : 8, kernelSize: 3, padding: 'same', bias: false },
        { type: 'batch_norm' },
        { type: 'activation', activation: 'relu' },
        { type: 'max_pool2d' },
        { type: 'conv2d', filters: threads > 1 ? 64 : 8, kernelSize: 3, padding: 'same', activation: 'relu' },
        { type: 'flatten' },
        { type: 'dropout', rate: 0.3 },
        { type: 'dense', units: 10 },
      ],
    },
    batchSize: threads > 1 ? 128 : 32,
    epochs: 100_000,
    schedule: { kind: 'plateau', metric: 'loss', direction: 'min' },
    earlyStopping: { metric: 'loss', direction: 'min', patience: 10_000 },
    augmentation: { rotation: 10, translation: 0.1, noise: 0.05, mixup: 0.2 },
    ema: { decay: 0.99 },
    checkpoints: { keepBest: 3, everyEpochs: null },
  });
  const { id: trainerId } = await db.prisma.trainer.create({
    data: { id: randomUUID(), name: 'bench', host: 'here', pid: process.pid, device: 'cpu:0', engine: 'tensorflow' },
  });
  const supervisor = new Supervisor(db.pool, trainerId, 1, () =>
    startRunProcess({ engine: 'tensorflow', memory: 4e9, compute: { device: 'cpu:0', task: 0 } }),
  );
  try {
    const broken = await launch(config);
    const resumed: number[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = await checkpointOf(db, broken);
      await until(async () => (await checkpointOf(db, broken)) > before && (await stateOf(broken)).attempt === kill);
      await delay(Math.random() * MOST_MS);
      process.kill(supervisor.pids.get(broken)!, 'SIGKILL');
      await until(async () => (await stateOf(broken)).attempt === kill + 1);
      await until(async () => (await lastAttempt(broken)).resumedStep !== null);
      resumed.push((await lastAttempt(broken)).resumedStep!);
    }
    const from = resumed.at(-1)!;
    await until(async () => (await stateOf(broken)).step > from + 100);
    const steps = await stop(broken);
    const whole = await launch(config);
    await until(async () => (await stateOf(whole)).step > steps);
    await stop(whole);
    const environment = (await db.prisma.run.findUniqueOrThrow({ where: { id: whole } })).environment;
    const used = (environment as { threads: number }).threads;
    await report(broken, whole, steps, { threads: used, resumed });
  } finally {
    await supervisor.close();
  }
}

async function report(
  broken: string,
  whole: string,
  steps: number,
  { threads, resumed }: { threads: number; resumed: number[] },
): Promise<void> {
  const names = (await listSeries(db.pool, whole)).filter((name) => !/^(system|profile)\//.test(name));
  let worst = 0;
  let points = 0;
  for (const name of names) {
    const [a, b] = await Promise.all([broken, whole].map(async (id) => (await readSeries(db.pool, id, [name]))[0]!));
    const n = b!.steps.filter((step) => step <= steps).length;
    if (a!.steps.slice(0, n).join() !== b!.steps.slice(0, n).join()) throw new Error(`${name} has other steps`);
    for (let i = 0; i < n; i++) {
      points++;
      if (Object.is(a!.values[i], b!.values[i])) continue;
      worst = Math.max(worst, Math.abs(a!.values[i]! - b!.values[i]!) / Math.max(1e-12, Math.abs(b!.values[i]!)));
    }
  }
  const equal = worst === 0 ? 'equal bit for bit' : `off by at most ${worst.toExponential(1)} of the value`;
  console.log(
    `${threads} ${threads === 1 ? 'thread' : 'threads'}: killed ${resumed.length} times in ${steps} steps, went on from steps ${resumed.join(', ')}; ${points} points of ${names.length} series (${names.join(', ')}): ${equal}`,
  );
  if (threads === 1 ? worst !== 0 : !(worst <= TOLERANCE)) process.exitCode = 1;
}

async function launch(config: RunConfig): Promise<string> {
  return (await makeRun(db, project, { config })).id;
}

function stateOf(id: string) {
  return db.prisma.run.findUniqueOrThrow({
    where: { id },
    select: { attempt: true, step: true, state: true, message: true },
  });
}

async function lastAttempt(id: string) {
  return db.prisma.attempt.findFirstOrThrow({ where: { runId: id }, orderBy: { number: 'desc' } });
}

async function checkpointOf(database: Db, runId: string): Promise<number> {
  const found = await database.prisma.checkpoint.findUnique({ where: { runId_kind: { runId, kind: 'last' } } });
  return found?.step ?? 0;
}

/** @returns the step that it got to */
async function stop(id: string): Promise<number> {
  await db.prisma.run.update({ where: { id }, data: { stopRequestedAt: new Date() } });
  await until(async () => (await stateOf(id)).state !== 'running');
  return (await stateOf(id)).step;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error('Waited for five minutes in vain.');
    await delay(25);
  }
}
