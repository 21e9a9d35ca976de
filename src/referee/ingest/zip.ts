import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { type EntryRole, roleOf, unsafeName } from '#core/data/archive-layout.ts';
import { addProblem, emptyProblems, type ProblemList } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';

/** An archive's usable files, listed from its directory; nothing is unpacked to disk. */

export interface ZipFile {
  name: string;
  bytes: number;
  entry: yauzl.Entry;
}
export interface Archive {
  images: ZipFile[];
  tables: ZipFile[];
  /** system files left out without a word */
  ignored: number;
  problems: ProblemList;
  unpackedBytes: number;
  /** Throws an Error in the person's words, to stand behind the file's name, where the bytes are damaged. */
  read(file: ZipFile): Promise<Buffer>;
  /** Throws AppError `invalid_data` where the bytes are damaged. */
  stream(file: ZipFile): AsyncIterable<Buffer>;
  close(): void;
}

export const ZIP_LIMITS = {
  entries: 200_000,
  unpackedBytes: 32 * 2 ** 30,
  /** Deflate reaches 1032; images reach 2, text seldom 50. */
  ratio: 200,
  /** archives that unpack to less are never bombs */
  harmlessBytes: 100 * 2 ** 20,
  imageBytes: 128 * 2 ** 20,
  /** A table of labels is held in memory; a million names take 50 MB. */
  labelsBytes: 256 * 2 ** 20,
};
const SYMLINK = 0xa000;

/** @throws AppError `invalid_data`: no archive, a bomb, a name that climbs out */
export async function openArchive(path: string, archiveBytes: number, filename: string): Promise<Archive> {
  const refuse = (message: string, cause?: unknown) =>
    new AppError('invalid_data', `${filename} ${message}`, { cause });
  const zip = await yauzl.openPromise(path, { autoClose: false, decodeStrings: false }).catch((cause) => {
    throw refuse('is not a complete zip archive. Pack it again and upload it anew.', cause);
  });
  try {
    const archive: Archive = {
      images: [],
      tables: [],
      ignored: 0,
      problems: emptyProblems(),
      unpackedBytes: 0,
      read: (file) => readEntry(zip, file),
      stream: (file) => streamEntry(zip, file),
      close: () => zip.close(),
    };
    if (zip.entryCount > ZIP_LIMITS.entries)
      throw refuse(`holds ${zip.entryCount} files; at most ${ZIP_LIMITS.entries} can be read.`);
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      const unsafe = unsafeName(name);
      if (unsafe)
        throw refuse(`holds "${name.slice(0, 200)}", which ${unsafe}. Pack the folder again and upload it anew.`);
      if (name.endsWith('/')) continue;
      archive.unpackedBytes += entry.uncompressedSize;
      if (archive.unpackedBytes > ZIP_LIMITS.unpackedBytes)
        throw refuse(`unpacks to more than ${ZIP_LIMITS.unpackedBytes / 2 ** 30} GB.`);
      sort(archive, name, entry);
    }
    const { unpackedBytes } = archive;
    if (unpackedBytes > ZIP_LIMITS.harmlessBytes && unpackedBytes > ZIP_LIMITS.ratio * archiveBytes)
      throw refuse(
        `unpacks to ${Math.round(unpackedBytes / archiveBytes)} times its size: it looks like a zip bomb and is refused.`,
      );
    return archive;
  } catch (error) {
    zip.close();
    if (error instanceof AppError) throw error;
    throw refuse('has a damaged directory. Pack it again and upload it anew.', error);
  }
}

function sort(archive: Archive, name: string, entry: yauzl.Entry): void {
  const role = roleOf(name);
  if (role === 'junk') {
    archive.ignored++;
    return;
  }
  const why = unusable(entry, role);
  if (why) {
    addProblem(archive.problems, name, why);
    return;
  }
  // Buffers of the directory would cost 1 kB an entry.
  entry.fileNameRaw = entry.fileCommentRaw = entry.extraFieldRaw = Buffer.alloc(0);
  entry.extraFields = [];
  (role === 'image' ? archive.images : archive.tables).push({ name, bytes: entry.uncompressedSize, entry });
}

function unusable(entry: yauzl.Entry, role: EntryRole): string | null {
  if (((entry.externalFileAttributes >>> 16) & 0xf000) === SYMLINK)
    return 'is a symbolic link, which is never followed';
  if (entry.isEncrypted()) return 'is protected by a password';
  if (role === 'archive') return 'is an archive inside the archive, which is never opened';
  if (role === 'other') return 'is neither an image (PNG, JPEG, WebP, GIF, TIFF) nor a CSV table';
  if (role === 'image' && entry.uncompressedSize > ZIP_LIMITS.imageBytes)
    return `is larger than ${ZIP_LIMITS.imageBytes / 2 ** 20} MB`;
  return null;
}

/** Throws as `read` does. */
async function* entryBytes(zip: yauzl.ZipFile, { entry }: ZipFile): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (cause) {
    throw new Error('is damaged inside the archive', { cause });
  }
  if (sum !== entry.crc32) throw new Error('is damaged inside the archive: its checksum differs');
}

async function readEntry(zip: yauzl.ZipFile, file: ZipFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entryBytes(zip, file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* streamEntry(zip: yauzl.ZipFile, file: ZipFile): AsyncGenerator<Buffer> {
  try {
    yield* entryBytes(zip, file);
  } catch (error) {
    const why = `${(error as Error).message}. Pack it again and upload it anew.`;
    throw new AppError('invalid_data', `${file.name} ${why}`, { cause: error });
  }
}
