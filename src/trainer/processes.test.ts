import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { freePort, startPostgres } from '#db/postgres/start.ts';
import { readSeries } from '#db/series/series.ts';
import { makeRun } from '#db/testing/fixtures.ts';
import { digitsConfig, digitsProject } from './testing.ts';

/** kill -9 of each process in turn, on a Postgres of its own that may be killed as well. */

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-processes-'));
await chmod(folder, 0o755);
const server = { dir: path.join(folder, 'postgres'), password: 'test', port: await freePort() };
let postgres = await startPostgres(server);
const env = { ...process.env, DATABASE_URL: postgres.url, HOLDOUT_DATA: folder, HOLDOUT_THREADS: '1' };
await promisify(execFile)(process.execPath, [path.resolve('scripts/migrate.ts'), 'deploy'], { env });
const db = openDb(postgres.url, 4);
const blobs = openBlobs(folder);
const project = await digitsProject(db, blobs);

const trainers: ChildProcess[] = [];
function startTrainer(): ChildProcess {
  const trainer = spawn(process.execPath, [path.resolve('src/trainer/main.ts')], { env, stdio: 'ignore' });
  trainers.push(trainer);
  return trainer;
}
afterEach(async () => {
  for (const trainer of trainers.splice(0)) {
    if (trainer.exitCode !== null || trainer.signalCode !== null) continue;
    trainer.kill('SIGTERM');
    await once(trainer, 'exit');
  }
  await db.pool.query(`UPDATE "Run" SET state = 'cancelled', "endedAt" = now() WHERE "endedAt" IS NULL`);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const find = (id: string) =>
  db.prisma.run.findUniqueOrThrow({ where: { id }, include: { attempts: true, checkpoints: true } });
const until = (id: string, done: (run: Awaited<ReturnType<typeof find>>) => boolean, timeout = 60_000) =>
  vi.waitUntil(
    async () => {
      const run = await find(id).catch(() => null);
      return run && done(run) ? run : false;
    },
    { timeout, interval: 50 },
  );
const launch = async () => (await makeRun(db, project, { config: digitsConfig({ epochs: 10_000 }) })).id;
async function expectWholeCurve(id: string) {
  const [loss] = await readSeries(db.pool, id, ['loss/train']);
  expect(loss!.steps).toEqual(loss!.steps.map((_, i) => i + 1));
}
/** Children of a process, from /proc: the trainer's own record dies with it. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  return stdout.trim().split(/\s+/).map(Number);
}

test('kill -9 of the trainer: its child gives the run back at once, the next trainer goes on', {
  timeout: 120_000,
}, async () => {
  const id = await launch();
  const first = startTrainer();
  await until(id, (run) => run.epoch >= 1);
  first.kill('SIGKILL');
  const waiting = await until(id, (run) => run.state === 'queued', 10_000);
  const { step } = waiting.checkpoints.find((c) => c.kind === 'last')!;
  startTrainer();
  const run = await until(id, (r) => r.attempt === 2 && r.step > step + 20);
  expect(run.attempts.map((a) => a.resumedStep)).toEqual([null, step]);
  await expectWholeCurve(id);
});

test('kill -9 of the trainer and its child at once: another trainer takes the run over within 30 s', {
  timeout: 120_000,
}, async () => {
  const id = await launch();
  const first = startTrainer();
  await until(id, (run) => run.checkpoints.some((c) => c.kind === 'last'));
  first.kill('SIGSTOP');
  for (const child of await childrenOf(first.pid!)) process.kill(child, 'SIGKILL');
  first.kill('SIGKILL');
  const killed = Date.now();
  startTrainer();
  const run = await until(id, (r) => r.attempt === 2 && r.attempts[1]!.resumedStep !== null);
  expect(run.attempts[1]!.startedAt.getTime() - killed).toBeLessThan(30_000);
  expect(run.attempts[0]!.outcome).toBe('lost');
  await until(id, (r) => r.step > run.attempts[1]!.resumedStep! + 20);
  await expectWholeCurve(id);
});

test('kill -9 of Postgres: the training goes on and nothing is missing once it is back', {
  timeout: 120_000,
}, async () => {
  const id = await launch();
  startTrainer();
  const before = await until(id, (run) => run.epoch >= 1);
  process.kill(postgres.pid, 'SIGKILL');
  await postgres.exited;
  postgres = await startPostgres(server);
  const after = await until(id, (run) => run.step > before.step + 200);
  expect(after.attempts.length).toBe(1);
  await expectWholeCurve(id);
});

test('Ctrl-C ends trainer and child within 5 s, and the run waits with a checkpoint at its last point', {
  timeout: 60_000,
}, async () => {
  const id = await launch();
  const trainer = startTrainer();
  await until(id, (run) => run.epoch >= 1);
  const asked = Date.now();
  trainer.kill('SIGINT');
  await once(trainer, 'exit');
  expect(Date.now() - asked).toBeLessThan(5_000);
  const run = await find(id);
  expect(run.state).toBe('queued');
  const [loss] = await readSeries(db.pool, id, ['loss/train']);
  expect(run.checkpoints.find((c) => c.kind === 'last')!.step).toBe(loss!.steps.at(-1));
  const row = await db.prisma.trainer.findFirstOrThrow({ where: { pid: trainer.pid! } });
  expect(row.stoppedAt).not.toBeNull();
});
