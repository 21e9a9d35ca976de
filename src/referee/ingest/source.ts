import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import { type Archive, openArchive } from './zip.ts';

/** An upload as what it is: an archive of images, or one table, plain or zipped. */

export interface TableFile {
  name: string;
  open(): AsyncIterable<Buffer>;
}
export interface Upload {
  format: 'zip' | 'csv';
  bytes: number;
  archive: Archive | null;
  table: TableFile | null;
  close(): void;
}

/** @param filename as the person named it. Throws AppError `invalid_data` or `unsupported`. */
export async function openUpload(path: string, filename: string): Promise<Upload> {
  const { size } = await stat(path);
  if (size === 0) throw new AppError('invalid_data', `${filename} is empty: 0 bytes.`);
  const head = await firstBytes(path);
  if (head.subarray(0, 2).toString() === 'PK') return fromZip(await openArchive(path, size, filename), size, filename);
  const other = MAGIC.find(([magic]) => head.subarray(0, magic.length).equals(magic));
  if (other) throw new AppError('unsupported', `${filename} is ${other[1]}. Upload a zip archive or a CSV table.`);
  if (/\.zip$/i.test(filename))
    throw new AppError(
      'invalid_data',
      `${filename} is no zip archive: it does not begin as one. Zip the folder again, or name it .csv where it is a table.`,
    );
  return {
    format: 'csv',
    bytes: size,
    archive: null,
    table: { name: filename, open: () => createReadStream(path, { highWaterMark: 1 << 20 }) },
    close: () => {},
  };
}

const MAGIC: [Buffer, string][] = [
  [Buffer.from([0x1f, 0x8b]), 'a gzip file'],
  [Buffer.from('Rar!'), 'a RAR archive'],
  [Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), 'a 7z archive'],
  [Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'a single PNG image'],
  [Buffer.from([0xff, 0xd8, 0xff]), 'a single JPEG image'],
  [Buffer.from('%PDF'), 'a PDF'],
  [Buffer.from('PAR1'), 'a Parquet file'],
];

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function fromZip(archive: Archive, bytes: number, filename: string): Upload {
  const { images, tables } = archive;
  try {
    if (!images.length && !tables.length)
      throw new AppError('invalid_data', `${filename} holds no images (PNG, JPEG, WebP, GIF, TIFF) and no CSV table.`, {
        items: archive.problems.first,
      });
    if (!images.length && tables.length > 1)
      throw new AppError(
        'invalid_data',
        `${filename} holds ${tables.length} tables (${tables
          .slice(0, 5)
          .map((t) => t.name)
          .join(', ')}). A data set is one table: upload the one to learn from.`,
      );
  } catch (error) {
    archive.close();
    throw error;
  }
  const first = images.length ? null : tables[0]!;
  return {
    format: 'zip',
    bytes,
    archive,
    table: first && { name: first.name, open: () => archive.stream(first) },
    close: () => archive.close(),
  };
}
