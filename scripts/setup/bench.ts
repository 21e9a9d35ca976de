import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { provideTensorFlow } from '../tensorflow/provide.ts';
import { buildPages, generateClient } from './prepare.ts';
import { ROOT } from './run.ts';

/** `npm run bench [name ...] [-- --option ...]`: runs bench/NAME.ts, or all of them, one after the other on an otherwise idle machine. Each gets the options. */
export async function runBench(args: string[]): Promise<void> {
  const first = args.findIndex((arg) => arg.startsWith('--'));
  const names = first < 0 ? args : args.slice(0, first);
  const options = first < 0 ? [] : args.slice(first);
  const files = globSync('bench/*.ts', { cwd: ROOT })
    .sort()
    .filter((file) => names.length === 0 || names.includes(path.basename(file, '.ts')));
  if (files.length === 0)
    throw new Error(`There is no such benchmark in bench/: ${names.join(', ') || '(none at all)'}`);
  await generateClient();
  await buildPages();
  const provided = await provideTensorFlow();
  const env = { ...process.env, ...('folder' in provided ? { HOLDOUT_TENSORFLOW: provided.folder } : {}) };
  const failed: string[] = [];
  for (const file of files) {
    console.log(`\n== ${file}`);
    const { status } = spawnSync(process.execPath, [path.join(ROOT, file), ...options], {
      cwd: ROOT,
      env,
      stdio: 'inherit',
    });
    if (status !== 0) failed.push(`${file} (${status})`);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}. What they said stands above.`);
}
