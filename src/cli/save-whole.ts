import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#core/errors.ts';

/** Writes a file. What breaks off leaves no half file behind, and an older one as it was. Throws AppError bad_request where it can't be written. */
export async function saveWhole(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(body, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === 'open' || syscall === 'rename')
      throw new AppError('bad_request', `Can't write ${file}: ${message}. Name another file.`, { cause: error });
    throw error;
  }
}
