import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, globSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { LIBRARY_FILE } from '../../src/engine/tensorflow/cache-path.ts';
import { run } from '../setup/run.ts';

const FRAMEWORK_FILE = 'libtensorflow_framework.so.2';
const WANTED = [LIBRARY_FILE, FRAMEWORK_FILE];
export type OnFraction = (fraction: number) => void;

/**
 * Puts TensorFlow's two libraries from a wheel, zip or tarball into `folder`: whole or not at all, for it is made
 * beside its place and renamed. Throws an Error that says what the archive lacks, or which file is damaged.
 */
export async function unpack(archive: string, folder: string, onFraction: OnFraction): Promise<void> {
  const fresh = `${folder}.tmp`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    if (/\.(whl|zip)$/.test(archive)) await unpackWheel(archive, fresh, onFraction);
    else await unpackTarball(archive, fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What the wheel's RECORD says of each file: name -> SHA-256 in URL-safe base64 (PyPA binary distribution format). */
async function readRecord(zip: ZipFile, entry: Entry): Promise<Map<string, string>> {
  const lines = (await buffer(await zip.openReadStreamPromise(entry))).toString().split('\n');
  return new Map(lines.map((line) => [line.split(',')[0] ?? '', /,sha256=([\w-]+)/.exec(line)?.[1] ?? '']));
}

async function unpackWheel(archive: string, folder: string, onFraction: OnFraction) {
  const zip = await openPromise(archive, { autoClose: false });
  try {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    const libraries = entries.filter((e) => WANTED.includes(path.basename(e.fileName)));
    for (const name of WANTED) {
      if (!libraries.some((e) => path.basename(e.fileName) === name)) throw new Error(`${archive} holds no ${name}`);
    }
    const recordEntry = entries.find((e) => e.fileName.endsWith('.dist-info/RECORD'));
    const record = recordEntry ? await readRecord(zip, recordEntry) : new Map<string, string>();
    const total = libraries.reduce((sum, e) => sum + e.uncompressedSize, 0);
    let done = 0;
    for (const entry of libraries) {
      const hash = createHash('sha256');
      const count = new Transform({
        transform(chunk, _encoding, next) {
          hash.update(chunk);
          done += chunk.length;
          onFraction(done / total);
          next(null, chunk);
        },
      });
      const file = path.join(folder, path.basename(entry.fileName));
      await pipeline(await zip.openReadStreamPromise(entry), count, createWriteStream(file, { flush: true }));
      const expected = record.get(entry.fileName);
      if (expected && hash.digest('base64url') !== expected)
        throw new Error(`${entry.fileName} in ${archive} is damaged`);
    }
  } finally {
    zip.close();
  }
}

/** The C library's tarball names its one library libtensorflow.so.2; it exports the same C functions. */
async function unpackTarball(archive: string, folder: string) {
  const all = path.join(folder, 'all');
  mkdirSync(all);
  await run('tar', ['-xf', archive, '-C', all]);
  for (const [name, pattern] of [
    [LIBRARY_FILE, '**/libtensorflow{_cc,}.so.2'],
    [FRAMEWORK_FILE, `**/${FRAMEWORK_FILE}`],
  ] as const) {
    const [found] = globSync(pattern, { cwd: all }).sort().reverse();
    if (!found) throw new Error(`${archive} holds no ${path.basename(pattern)}`);
    await pipeline(
      createReadStream(realpathSync(path.join(all, found))),
      createWriteStream(path.join(folder, name), { flush: true }),
    );
  }
  rmSync(all, { recursive: true });
}
