import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import { namelessFile } from '../elsewhere/nameless-file.ts';

/** Of what is sent. */
export const MAX_MODEL_BYTES = 256 * 1024 ** 2;

/** The body of a request in a file, which the caller closes. Throws AppError too_large, bad_request where there is none. */
export async function receiveModel(request: Request): Promise<FileHandle> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_MODEL_BYTES) throw tooLarge();
  const file = await namelessFile();
  try {
    let bytes = 0;
    for await (const chunk of request.body ?? []) {
      if (bytes + chunk.byteLength > MAX_MODEL_BYTES) throw tooLarge();
      // At its place: who reads the file next shares this position in it, and begins at the start.
      for (let at = 0; at < chunk.byteLength; )
        at += (await file.write(chunk, at, chunk.byteLength - at, bytes + at)).bytesWritten;
      bytes += chunk.byteLength;
    }
    if (bytes === 0)
      throw new AppError(
        'bad_request',
        'There is no body. Send the file as the body, or several as multipart/form-data.',
      );
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function tooLarge(): AppError {
  return new AppError(
    'too_large',
    `A model may take ${MAX_MODEL_BYTES / 1024 ** 2} MB. Save it without its optimiser.`,
  );
}
