import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type BlobStore, checkKey, noBlob } from './blob-store.ts';

/** Blobs as files under one folder. A put writes beside its target, syncs, renames, and syncs the folder. */
export class FileBlobs implements BlobStore {
  readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  /** Where a key's bytes lie; for writers that need a file, such as the upload store. */
  file(key: string): string {
    return path.join(this.root, ...checkKey(key));
  }

  /** A folder of keys, made if need be; for writers that bring their own file names. */
  folder(prefix: string): string {
    const folder = this.file(prefix);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Puts on disk what another writer left under the key. */
  async sync(key: string): Promise<void> {
    const file = this.file(key);
    const handle = await open(file).catch((error) => rethrow(key, error));
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(path.dirname(file));
  }

  async put(key: string, source: Uint8Array | AsyncIterable<Uint8Array>): Promise<number> {
    const target = this.file(key);
    const folder = path.dirname(target);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = path.join(folder, `${draftPrefix(target)}${randomUUID().slice(0, DRAFT_MARK)}`);
    try {
      const handle = await open(draft, 'wx', 0o600);
      let bytes = 0;
      try {
        for await (const chunk of source instanceof Uint8Array ? [source] : source) {
          await writeAll(handle, chunk);
          bytes += chunk.byteLength;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, target);
      await syncFolder(folder);
      return bytes;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<Buffer> {
    return readFile(this.file(key)).catch((error) => rethrow(key, error));
  }

  async range(key: string, start: number, end: number): Promise<Buffer> {
    const handle = await open(this.file(key)).catch((error) => rethrow(key, error));
    try {
      const out = Buffer.allocUnsafe(end - start);
      let at = 0;
      while (at < out.length) {
        const { bytesRead } = await handle.read(out, at, Math.min(out.length - at, ONE_READ), start + at);
        if (bytesRead === 0) throw new RangeError(`${key} ends before byte ${end}`);
        at += bytesRead;
      }
      return out;
    } finally {
      await handle.close();
    }
  }

  async local(key: string): Promise<string> {
    if (!(await this.stat(key))) throw noBlob(key);
    return this.file(key);
  }

  async stream(key: string): Promise<Readable> {
    const handle = await open(this.file(key)).catch((error) => rethrow(key, error));
    return createReadStream('', { fd: handle, highWaterMark: 1 << 18 });
  }

  async stat(key: string): Promise<{ bytes: number } | null> {
    try {
      const found = await stat(this.file(key));
      return found.isFile() ? { bytes: found.size } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const file = this.file(key);
    const folder = path.dirname(file);
    try {
      await rm(file, { force: true });
      const prefix = draftPrefix(file);
      for (const name of await readdir(folder))
        if (name.startsWith(prefix) && name.length === prefix.length + DRAFT_MARK)
          await rm(path.join(folder, name), { force: true });
      await syncFolder(folder);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  async deleteAll(prefix: string): Promise<void> {
    await rm(this.file(prefix), { recursive: true, force: true });
  }
}

/** One call of the system reads no more than 2 GiB. */
const ONE_READ = 2 ** 30;
/** A name that no key can have, so that a half-written file never reads as a blob; so many characters follow it. */
const draftPrefix = (file: string) => `.${path.basename(file)}.`;
const DRAFT_MARK = 8;

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0;
  while (at < chunk.byteLength) at += (await handle.write(chunk, at)).bytesWritten;
}

/** A rename or an unlink survives a power cut only once its folder is on disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function rethrow(key: string, error: unknown): never {
  if (isMissing(error)) throw noBlob(key, error);
  throw error;
}
