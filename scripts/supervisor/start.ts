import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Env, parseEnv } from '../../src/env.ts';
import { buildPages, generateClient } from '../setup/prepare.ts';
import { prepareDatabase } from '../setup/prepare-database.ts';
import { bin, ROOT } from '../setup/run.ts';
import { provideTensorFlow } from '../tensorflow/provide.ts';
import { KeptChild, removePid, writePid } from './child.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type Database, keepPostgres } from './database.ts';
import { choosePort } from './port.ts';
import { trainersFor } from './trainers.ts';

/** Ctrl-C ends everything within 5 s: this for web, trainer and referee at once, the rest for Postgres. */
const CHILD_PATIENCE_MS = 2500;
/** Any Postgres URL: the real one is known only once Postgres runs. */
const NOT_YET = 'postgresql://127.0.0.1/holdout';

/**
 * `npm start`: brings everything up to date, starts Postgres (unless DATABASE_URL names one), web, trainer and
 * referee, keeps them running, and ends them all when it is told to. Writes run/supervisor.json when ready.
 */
export async function start(): Promise<void> {
  const wanted = parseEnv({ ...process.env, DATABASE_URL: process.env.DATABASE_URL || NOT_YET });
  const port = await choosePort(wanted.PORT, wanted.HOST);
  const url = wanted.HOLDOUT_URL ?? `http://127.0.0.1:${port}`;
  const data = await openDataFolder(path.resolve(wanted.HOLDOUT_DATA), url);
  const supervisor = new Supervisor(data);
  writePid(data, 'supervisor', process.pid);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => supervisor.stop(0));
  process.on('disconnect', () => supervisor.stop(1));
  try {
    await supervisor.start(wanted, port, url);
  } catch (error) {
    if (!supervisor.stopping) console.error(`\n${error instanceof Error ? error.message : error}`);
    await supervisor.stop(1);
  }
}

class Supervisor {
  stopping = false;
  private readonly data: DataFolder;
  private readonly children: KeptChild[] = [];
  private database: Database | undefined;

  constructor(data: DataFolder) {
    this.data = data;
  }

  async start(wanted: Env, port: number, url: string) {
    const { data } = this;
    const external = process.env.DATABASE_URL;
    const database = external
      ? { url: external, ready: Promise.resolve(), stop: async () => {} }
      : await keepPostgres(data, say);
    this.database = database;
    // Independent of each other: on a built tree the start takes as long as the slowest.
    const library = provideTensorFlow();
    const ready = Promise.all([database.ready, library]);
    ready.catch(() => {});
    await generateClient();
    await buildPages();
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      DATABASE_URL: database.url,
      HOLDOUT_DATA: data.path,
      HOLDOUT_SECRET: wanted.HOLDOUT_SECRET ?? data.key('secret'),
      PORT: String(port),
      HOST: wanted.HOST,
    };
    if (this.stopping) return;
    const web = this.keep('web', bin('next/dist/bin/next'), ['start', '-p', String(port), '-H', wanted.HOST], env);
    const [, provided] = await ready;
    const setupToken = await prepareDatabase(env, wanted);
    await this.untilReady(web, port, wanted.HOST);
    if (this.stopping) return;
    // After the first page, which they would slow down.
    if ('folder' in provided) env.HOLDOUT_TENSORFLOW = provided.folder;
    const main = (name: string) => path.join(ROOT, `src/${name}/main.ts`);
    for (const { name, args } of await trainersFor(wanted, env.HOLDOUT_TENSORFLOW))
      this.keep(name, main('trainer'), args, env);
    this.keep('referee', main('referee'), [], env);

    const state = path.join(data.run, 'supervisor.json');
    writeFileSync(state, JSON.stringify({ pid: process.pid, url, startedAt: new Date().toISOString() }));
    console.log(`\n  Holdout is ready: ${url}${setupToken ? `/setup?token=${setupToken}` : ''}`);
    if (setupToken) console.log('  This link works once: it creates the administrator.');
    if ('reason' in provided) console.log(`  Training runs on the slower fallback engine: ${provided.reason}.`);
    console.log(`  Data: ${data.path}   Stop: Ctrl-C\n`);
  }

  private keep(name: string, file: string, args: string[], env: NodeJS.ProcessEnv): KeptChild {
    const child = new KeptChild({ name, file, args, env }, this.data, say);
    this.children.push(child);
    return child;
  }

  /** The first page is served. Throws with the web's own words when it can't be. */
  private async untilReady(web: KeptChild, port: number, host: string) {
    const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline && web.running && !this.stopping) {
      const response = await fetch(`http://${address}:${port}/api/health`).catch(() => null);
      if (response?.ok) return;
      await delay(50);
    }
    if (!this.stopping) throw new Error(`The web server did not start. Its last words:\n${web.tail()}`);
  }

  async stop(code: number) {
    if (this.stopping) return;
    this.stopping = true;
    if (process.connected) console.log('\nStopping …');
    await Promise.all(this.children.map((child) => child.stop(CHILD_PATIENCE_MS)));
    await this.database?.stop();
    removePid(this.data, 'supervisor');
    rmSync(path.join(this.data.run, 'supervisor.json'), { force: true });
    if (process.connected) console.log(`Stopped. Everything is kept in ${this.data.path}.`);
    process.exit(code);
  }
}

function say(text: string) {
  console.error(`${new Date().toTimeString().slice(0, 8)} ${text}`);
}
