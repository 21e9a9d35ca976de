import { readFileSync } from 'node:fs';
import os from 'node:os';
import { fileSize } from '#core/format/numbers.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Versions and machine, as a run records them: what else a person must have to compute the same. */
export function machineFacts(): Record<string, string> {
  const cpus = os.cpus();
  return {
    holdout: version,
    node: process.version.slice(1),
    platform: `${os.type()} ${os.release()}, ${os.arch()}`,
    processor: `${cpus.length} x ${cpus[0]?.model.trim() ?? 'unknown'}`,
    memory: fileSize(os.totalmem()),
  };
}
