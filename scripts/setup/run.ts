import { type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Runs a program and returns all that it printed. Throws an Error with the last lines when it fails. */
export async function run(
  command: string,
  args: string[],
  options: SpawnOptions & { onOutput?: (text: string) => void } = {},
): Promise<string> {
  const child = spawn(command, args, { cwd: ROOT, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  // A start that is stopped leaves no build behind.
  const kill = () => child.kill();
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
      options.onOutput?.(String(chunk));
    });
  }
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(status ?? signal));
  }).finally(() => process.off('exit', kill));
  if (code === 0) return output;
  const tail = output.trim().split('\n').slice(-40).join('\n');
  throw new Error(`${path.basename(command)} ${args[0] ?? ''} failed (${code}):\n${tail}`);
}

/** The path of a package's program, to run with this Node. */
export const bin = (file: string) => path.join(ROOT, 'node_modules', file);
