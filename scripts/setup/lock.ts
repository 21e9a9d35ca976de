import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

/** Held until `release`, or until this process ends. */
export interface Lock {
  release(): void;
}

/**
 * A lock on a name: an abstract Unix socket, which the kernel lets go however the process dies, so that no stale
 * lock is ever left behind. When taken, returns the owner's words instead.
 */
export async function takeLock(name: string, words: string): Promise<Lock | { owner: string }> {
  // Hashed: an address holds 107 bytes, a path may be longer.
  const address = `\0holdout:${createHash('sha256').update(name).digest('hex')}`;
  const server = createServer((socket) => socket.end(words));
  try {
    server.listen(address);
    await once(server, 'listening');
    server.unref();
    return { release: () => server.close() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    try {
      return { owner: await text(connect(address)) };
    } catch {
      return { owner: 'another process' };
    }
  }
}

/** Waits until the lock is free, then holds it; `onWait` is called once when there is a wait. */
export async function waitForLock(name: string, onWait: () => void): Promise<Lock> {
  let told = false;
  for (;;) {
    const lock = await takeLock(name, String(process.pid));
    if ('release' in lock) return lock;
    if (!told) onWait();
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
