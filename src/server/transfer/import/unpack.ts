import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { AppError } from '#core/errors.ts';

/** Files by name, without their folders. */
export type Files = ReadonlyMap<string, Buffer>;

const MAX_FILES = 500;
/** What an archive may grow to. Weights hardly compress, so an honest one is about as large as the upload. */
const MAX_BYTES = 512 * 1024 ** 2;

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Every file of a zip archive, counted while it is unpacked: what its directory claims is not believed. Throws AppError. */
export async function unzip(bytes: Buffer, what: string): Promise<Files> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file!))),
  ).catch((cause: unknown) => {
    throw new AppError('invalid_data', `${what} is not a whole zip archive. Save or upload it again.`, { cause });
  });
  const files = new Map<string, Buffer>();
  let total = 0;
  const read = (entry: Entry) =>
    new Promise<Buffer>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error || !stream) return reject(error);
        const chunks: Buffer[] = [];
        stream.on('error', reject);
        stream.on('data', (chunk: Buffer) => {
          total += chunk.length;
          if (total > MAX_BYTES) stream.destroy(tooLarge(what));
          else chunks.push(chunk);
        });
        stream.on('end', () => resolve(Buffer.concat(chunks)));
      });
    });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      if (entry.fileName.endsWith('/')) return zip.readEntry();
      if (files.size >= MAX_FILES || entry.uncompressedSize > MAX_BYTES) return reject(tooLarge(what));
      read(entry).then((content) => {
        files.set(entry.fileName.slice(entry.fileName.lastIndexOf('/') + 1), content);
        zip.readEntry();
      }, reject);
    });
    zip.readEntry();
  }).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_data', `${what} can't be unpacked: ${(cause as Error).message}.`, { cause });
  });
  return files;
}

function tooLarge(what: string): AppError {
  return new AppError(
    'too_large',
    `${what} unpacks to more than 512 MB or ${MAX_FILES} files. Upload the model alone.`,
  );
}
