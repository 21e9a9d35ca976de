import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '..');
const START_MS = 120_000;

export const ADMIN = { email: 'admin@example.org', password: 'correct horse battery staple' };

export type ProcessName = 'supervisor' | 'web' | 'trainer' | 'referee' | 'postgres';

export interface ServerOptions {
  /** a data folder that exists already, to start again on it; default: a fresh one */
  data?: string;
  /** more environment; HOLDOUT_ADMIN_EMAIL and _PASSWORD are set unless given as '' */
  env?: Record<string, string>;
}

/** A real `npm start` (less npm itself) on a free port, with a data folder of its own. */
export class TestServer {
  readonly data: string;
  private readonly env: Record<string, string>;
  private child: ChildProcess | undefined;
  /** all that it has printed since its last start */
  output = '';
  url = '';

  private constructor(options: ServerOptions) {
    this.data = options.data ?? mkdtempSync(path.join(tmpdir(), 'holdout-e2e-'));
    chmodSync(this.data, 0o755);
    this.env = {
      PORT: '0',
      HOLDOUT_ADMIN_EMAIL: ADMIN.email,
      HOLDOUT_ADMIN_PASSWORD: ADMIN.password,
      ...options.env,
    };
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.start();
    return server;
  }

  /** Starts it (again) on its data folder; later starts keep the first one's port, so that open pages go on. */
  async start(): Promise<void> {
    this.output = '';
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(NODE_ENV|NODE_OPTIONS|DATABASE_URL|HOST|OIDC_.*|HOLDOUT_(?!TENSORFLOW$).*)$/.test(name),
      ),
    );
    const child = spawn(process.execPath, [path.join(ROOT, 'scripts/main.ts'), 'start'], {
      cwd: ROOT,
      env: { ...inherited, ...this.env, HOLDOUT_DATA: this.data } as unknown as NodeJS.ProcessEnv,
      // With the channel it ends when the test runner does.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    }
    const deadline = Date.now() + START_MS;
    while (!/is ready: (http\S+)[\s\S]*Stop: Ctrl-C/.test(this.output)) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`The server did not start:\n${this.output}`);
      }
      await delay(50);
    }
    this.url = new URL(/is ready: (http\S+)/.exec(this.output)?.[1] ?? '').origin;
    this.env.PORT = new URL(this.url).port;
  }

  /** The link that creates the administrator; null when there is one. */
  get setupLink(): string | null {
    return /is ready: (\S+\/setup\S+)/.exec(this.output)?.[1] ?? null;
  }

  /** For looking into the database beside the server. */
  get databaseUrl(): string {
    return readFileSync(path.join(this.data, 'run/database-url'), 'utf8').trim();
  }

  /** The pid of one of its processes; null when it does not run just now. For postgres: of the postmaster. */
  pid(name: ProcessName): number | null {
    try {
      return Number(readFileSync(path.join(this.data, 'run', `${name}.pid`), 'utf8')) || null;
    } catch {
      return null;
    }
  }

  /** Waits until the process runs, with another pid than `not`. */
  async running(name: ProcessName, not: number | null = null): Promise<number> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const pid = this.pid(name);
      if (pid !== null && pid !== not) return pid;
      if (Date.now() > deadline) throw new Error(`${name} does not run:\n${this.output}`);
      await delay(50);
    }
  }

  /** kill -9, then waits until the supervisor has started another in its place. */
  async kill(name: Exclude<ProcessName, 'supervisor'>): Promise<void> {
    const pid = await this.running(name);
    process.kill(pid, 'SIGKILL');
    await this.running(name, pid);
  }

  /** The log of one of its processes, for messages of failed tests. */
  log(name: ProcessName): string {
    return readFileSync(path.join(this.data, `logs/${name}.log`), 'utf8');
  }

  /** Orderly by default, as Ctrl-C; with SIGKILL as a crash of the whole. */
  async stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}
