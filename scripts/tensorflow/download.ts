/**
 * Downloads `url` to `file`, going on where an earlier try stopped, and checks its SHA-256 when one is given.
 * A process of its own, because Node reads proxies and extra certificates only from its first environment.
 * Usage: node download.ts URL FILE [SHA256]; tells its parent {done, total} in bytes.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

const [url, file, sha256] = process.argv.slice(2) as [string, string, string | undefined];
const partial = `${file}.part`;
process.on('disconnect', () => process.exit(1));

async function attempt() {
  let done = existsSync(partial) ? statSync(partial).size : 0;
  const response = await fetch(url, { headers: done > 0 ? { range: `bytes=${done}-` } : {} });
  // 416: there is nothing after what we have.
  if (response.status === 416) return;
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  if (response.status === 200) done = 0;
  const total = done + Number(response.headers.get('content-length') ?? 0);
  const source = Readable.fromWeb(response.body as ReadableStream);
  source.on('data', (chunk: Buffer) => {
    done += chunk.length;
    process.send?.({ done, total });
  });
  await pipeline(source, createWriteStream(partial, { flags: response.status === 200 ? 'w' : 'a' }));
  if (total && done < total) throw new Error('the connection ended early');
}

try {
  for (let tries = 1; ; tries++) {
    try {
      await attempt();
      break;
    } catch (error) {
      if (tries === 4) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
    }
  }
  if (sha256) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(partial), hash);
    if (hash.digest('hex') !== sha256) {
      rmSync(partial);
      throw new Error('what arrived is not what the index announced (SHA-256 differs)');
    }
  }
  renameSync(partial, file);
  process.exit(0);
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  console.error(`${error instanceof Error ? error.message : error}${cause}`);
  process.exit(1);
}
