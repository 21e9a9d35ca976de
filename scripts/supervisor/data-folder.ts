import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Lock, takeLock } from '../setup/lock.ts';

export interface DataFolder {
  path: string;
  logs: string;
  run: string;
  postgres: string;
  /** the content of keys/NAME; random, made on first use, readable by this user alone */
  key(name: string): string;
}

/** Makes what is missing and takes the folder's lock. Throws an Error that names the process that has it. */
export async function openDataFolder(folder: string, url: string): Promise<DataFolder & { lock: Lock }> {
  const inside = (name: string) => path.join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    for (const name of ['logs', 'run']) mkdirSync(inside(name), { recursive: true });
  } catch (error) {
    throw new Error(
      `The data folder ${folder} can't be made or written: ${(error as Error).message}. Set HOLDOUT_DATA to a folder of yours.`,
    );
  }
  const lock = await takeLock(`data:${realpathSync(folder)}`, `process ${process.pid}, ${url}`);
  if ('owner' in lock) {
    throw new Error(
      `Holdout already runs on ${folder} (${lock.owner}).\n` +
        'Use that one, stop it first, or set HOLDOUT_DATA and PORT to run a second one beside it.',
    );
  }
  return {
    path: folder,
    logs: inside('logs'),
    run: inside('run'),
    postgres: inside('postgres'),
    lock,
    key: (name) => keyOf(folder, name),
  };
}

function keyOf(folder: string, name: string): string {
  const file = path.join(folder, 'keys', name);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, randomBytes(32).toString('hex'), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8').trim();
}
