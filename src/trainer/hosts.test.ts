import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { freePort } from '#db/postgres/start.ts';
import { makeRun } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import { awaitHosts, LostHostError, parseHosts } from '#engine/hosts.ts';
import { probeEngine } from '#engine/probe.ts';
import { env } from '#env';
import { readArguments } from './arguments.ts';
import { startRunProcess } from './run-process.ts';
import { Supervisor } from './supervisor.ts';
import { digitsConfig, digitsProject } from './testing.ts';

/** One run over two processes, each with TensorFlow's own gRPC server. */

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-hosts-'));
const blobs = openBlobs(folder);
Object.assign(process.env, { DATABASE_URL: db.url, HOLDOUT_DATA: folder, HOLDOUT_THREADS: '1' });
const { info } = await probeEngine({ libDir: env().HOLDOUT_TENSORFLOW, threads: 1 });
const hosts = [await freePort(), await freePort()].map((port) => `127.0.0.1:${port}`).join();

let worker: ChildProcess | undefined;
function startWorker(): ChildProcess {
  const args = [path.resolve('src/trainer/main.ts'), '--hosts', hosts, '--task', '1'];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
}
afterAll(async () => {
  if (worker) await kill(worker);
  await rm(folder, { recursive: true, force: true });
});

test.skipIf(info.kind !== 'tensorflow')(
  'a host that is lost in the middle of a run ends in a resume, not in a hang',
  {
    timeout: 180_000,
  },
  async () => {
    const project = await digitsProject(db, blobs);
    const { id } = await makeRun(db, project, { config: digitsConfig({ epochs: 50_000, replicas: 2 }) });
    const find = () =>
      db.prisma.run.findUniqueOrThrow({ where: { id }, include: { attempts: true, checkpoints: true } });
    const until = (done: (run: Awaited<ReturnType<typeof find>>) => boolean) =>
      vi.waitUntil(async () => (done(await find()) ? find() : false), { timeout: 90_000, interval: 50 });
    const trainer = {
      name: 't',
      host: 'h',
      pid: process.pid,
      device: hosts,
      engine: 'tensorflow',
      info: { devices: 2 },
    };
    const { id: trainerId } = await db.prisma.trainer.create({ data: trainer });
    worker = startWorker();
    const supervisor = new Supervisor(db.pool, trainerId, 1, () =>
      startRunProcess({ engine: 'tensorflow', compute: { hosts, task: 0 }, memory: 4e9 }),
    );
    try {
      const saved = await until((run) => run.checkpoints.some((c) => c.kind === 'last'));
      expect(saved.environment).toMatchObject({ device: hosts, mode: 'compiled' });
      await kill(worker);
      const lost = await until((run) => run.attempts[0]?.outcome === 'crashed');
      expect(lost.state).not.toBe('failed');
      worker = startWorker();
      const step = saved.checkpoints.find((c) => c.kind === 'last')!.step;
      const resumed = await until((run) => (run.attempts.at(-1)!.resumedStep ?? 1e9) + 20 < run.step);
      expect(resumed.attempts.at(-1)!.resumedStep).toBeGreaterThanOrEqual(step);
      const log = await db.prisma.runLog.findMany({ where: { runId: id } });
      expect(log.map((l) => l.message).join('\n')).toMatch(
        /Host 2 of this run is gone\. It goes on from its last checkpoint/,
      );
      await db.prisma.run.update({ where: { id }, data: { stopRequestedAt: new Date() } });
      await until((run) => run.endedAt !== null);
    } finally {
      await supervisor.close();
    }
  },
);

test('hosts are named with their ports, and one that does not answer is named with how to start it', async () => {
  expect(readArguments(['trainer', '--hosts', 'a:1,b:2', '--task', '1'])).toEqual({ hosts: 'a:1,b:2', task: 1 });
  expect(parseHosts('a:1, b.example:22', 1)).toEqual({ addresses: ['a:1', 'b.example:22'], task: 1 });
  expect(() => parseHosts('a:1,b', 0)).toThrow(/"b" is none/);
  expect(() => parseHosts('a:1', 0)).toThrow(/it has one/);
  expect(() => parseHosts('a:1,b:2', 2)).toThrow(/place among the 2 hosts, from 0/);
  const nobody = `127.0.0.1:${await freePort()}`;
  const wait = awaitHosts({ addresses: ['127.0.0.1:1', nobody], task: 0 }, 0);
  await expect(wait).rejects.toBeInstanceOf(LostHostError);
  await expect(wait).rejects.toThrow(`${nobody} does not answer. Start its trainer: npm run trainer -- --hosts`);
});
