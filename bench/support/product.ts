import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type RunConfigInput, runConfigSchema } from '#core/config/run-config.ts';
import { type FileBlobs, openBlobs } from '#db/blobs/index.ts';
import { type Db, openDb } from '#db/client.ts';
import { openEvents } from '#db/events/events.ts';
import { startPostgres } from '#db/postgres/start.ts';
import { makeTeam } from '#db/testing/fixtures.ts';
import type { Actor } from '#server/actor.ts';
import { importLocalFile } from '#server/datasets/import-local-file.ts';
import { getRun, type RunDetail } from '#server/runs/get-run.ts';
import { launchRun } from '#server/runs/launch-run.ts';

/** The product as it runs, on a folder and a Postgres of its own: referee and trainer are its processes, people's acts its use cases. */
export interface Product {
  db: Db;
  blobs: FileBlobs;
  folder: string;
  actor: Actor;
  /** Uploads, splits and seals a file. @returns the project's id */
  seal(file: string): Promise<string>;
  /** Trains to the end. Throws when the run failed. */
  train(projectId: string, config: RunConfigInput): Promise<RunDetail>;
  close(): Promise<void>;
}

/** @param options.trainer false: runs stay in the queue */
export async function startProduct(options: { trainer?: boolean } = {}): Promise<Product> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdout-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ dir: path.join(folder, 'postgres'), password: 'bench' });
  const env = { ...process.env, DATABASE_URL: postgres.url, HOLDOUT_DATA: folder };
  // What is called here reads its environment as a process of the product does.
  Object.assign(process.env, { DATABASE_URL: env.DATABASE_URL, HOLDOUT_DATA: folder });
  await promisify(execFile)(process.execPath, [path.resolve('scripts/migrate.ts'), 'deploy'], { env });
  const processes = options.trainer === false ? ['referee'] : ['referee', 'trainer'];
  const children = processes.map((name) =>
    spawn(process.execPath, [path.resolve(`src/${name}/main.ts`)], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const db = openDb(postgres.url, 4);
  const events = openEvents(postgres.url);
  const blobs = openBlobs(folder);
  const team = await makeTeam(db);
  const actor: Actor = { userId: team.user.id, isAdmin: false, via: { kind: 'session', sessionId: 'bench' } };

  /** Reads again with every event until `done`. */
  function until<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () =>
        read().then((value) => {
          if (!done(value)) return;
          clearInterval(timer);
          stop();
          resolve(value);
        }, reject);
      const stop = events.subscribe({}, look);
      const timer = setInterval(look, 1_000);
      look();
    });
  }

  return {
    db,
    blobs,
    folder,
    actor,
    async seal(file) {
      const project = await db.prisma.project.create({ data: { teamId: team.team.id, name: path.basename(file) } });
      const id = await importLocalFile(db, blobs, actor, project.id, file, path.basename(file));
      const dataset = await until(
        () => db.prisma.dataset.findUniqueOrThrow({ where: { id } }),
        ({ state }) => ['sealed', 'failed', 'review'].includes(state),
      );
      if (dataset.state !== 'sealed') throw new Error(`${file} is ${dataset.state}: ${dataset.error}`);
      return project.id;
    },
    async train(projectId, config) {
      const { runs } = await launchRun(db, actor, { projectId, config: runConfigSchema.parse(config) });
      const run = await until(
        () => getRun(db, actor, runs[0]!.id),
        ({ endedAt }) => endedAt !== null,
      );
      if (run.state !== 'finished') throw new Error(`${run.name} ${run.state}: ${run.message}`);
      return run;
    },
    async close() {
      await Promise.all(children.map(endChild));
      await events.close();
      await db.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
