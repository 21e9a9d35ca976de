import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { takeLock } from './lock.ts';

const LOCK = pathToFileURL(path.join(import.meta.dirname, 'lock.ts')).href;

test('a lock says who has it, and is free again when its owner was killed', async () => {
  // Longer than an address of a socket may be.
  const name = `${process.pid}-${'long/'.repeat(60)}`;
  const code = `import { takeLock } from ${JSON.stringify(LOCK)};
    await takeLock(${JSON.stringify(name)}, 'me');
    setInterval(() => {}, 1000);
    process.send('taken');`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(owner, 'message');
  expect(await takeLock(name, 'other')).toEqual({ owner: 'me' });
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const lock = await takeLock(name, 'other');
  expect(lock).toHaveProperty('release');
  expect(await takeLock(name, 'third')).toEqual({ owner: 'other' });
  if ('release' in lock) lock.release();
  await expect.poll(() => takeLock(name, 'third')).toHaveProperty('release');
});
