import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface ChildSpec {
  name: string;
  /** file that Node runs */
  file: string;
  args?: string[];
  env: NodeJS.ProcessEnv;
}

export interface Folders {
  logs: string;
  run: string;
}

const EXIT_WITH_PARENT = path.resolve(import.meta.dirname, 'exit-with-parent.ts');
const KEEP_BYTES = 10_000_000;
/** A child that lived this long had started well: the next restart waits the shortest time again. */
const WELL_MS = 30_000;

/** Appends to logs/NAME.log; a log past 10 MB becomes NAME.log.1. */
export function openLog(folders: Folders, name: string): { file: string; fd: number } {
  mkdirSync(folders.logs, { recursive: true });
  const file = path.join(folders.logs, `${name}.log`);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > KEEP_BYTES) renameSync(file, `${file}.1`);
  return { file, fd: openSync(file, 'a') };
}

export function writePid(folders: Folders, name: string, pid: number | undefined) {
  if (pid) writeFileSync(path.join(folders.run, `${name}.pid`), `${pid}\n`);
}

export function removePid(folders: Folders, name: string) {
  rmSync(path.join(folders.run, `${name}.pid`), { force: true });
}

/**
 * One process that is kept running: started again when it ends, after 0.5 s, then twice as long each time up to
 * 30 s. Its output goes to logs/NAME.log, its pid to run/NAME.pid. It runs in a process group of its own, so that
 * Ctrl-C reaches only the supervisor, and exits when the supervisor is gone.
 */
export class KeptChild {
  readonly spec: ChildSpec;
  private readonly folders: Folders;
  private readonly onEnd: (text: string) => void;
  private process: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopping = false;

  constructor(spec: ChildSpec, folders: Folders, onEnd: (text: string) => void) {
    this.spec = spec;
    this.folders = folders;
    this.onEnd = onEnd;
    this.launch();
  }

  private launch() {
    const { name, file, args = [], env } = this.spec;
    const log = openLog(this.folders, name);
    const started = Date.now();
    const child = fork(file, args, {
      detached: true,
      env,
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', EXIT_WITH_PARENT],
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    });
    closeSync(log.fd);
    this.process = child;
    writePid(this.folders, name, child.pid);
    child.once('exit', (code, signal) => {
      this.process = undefined;
      removePid(this.folders, name);
      if (this.stopping) return;
      this.failures = Date.now() - started > WELL_MS ? 0 : this.failures + 1;
      const wait = Math.min(30_000, 500 * 2 ** Math.max(0, this.failures - 1));
      this.onEnd(`${name} ended (${signal ?? `code ${code}`}); starting it again in ${wait / 1000} s. See ${log.file}`);
      this.timer = setTimeout(() => this.launch(), wait);
    });
  }

  get running() {
    return this.process !== undefined;
  }

  /** The last lines of its log. */
  tail(lines = 20): string {
    const file = path.join(this.folders.logs, `${this.spec.name}.log`);
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Asks it to end, and ends it after `patience` ms, with all that it has started; resolves when it is gone. */
  stop(patience: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.process;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), patience);
      child.once('exit', () => {
        clearTimeout(force);
        endGroup(child.pid);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}

/** A child's own children, such as one that is just loading a library, may not have noticed yet. */
function endGroup(pid: number | undefined) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
