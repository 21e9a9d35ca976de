import { AppError } from '#core/errors.ts';
import { problemResponse } from './problem.ts';
import { MAX_JSON_BYTES } from './read-input.ts';

/**
 * For libraries that read a whole body into memory: the refusal of one that is larger than MAX_JSON_BYTES or doesn't say
 * how large it is, else null. Node holds a client to the length that it says.
 */
export function refuseLargeBody(request: Request): Response | null {
  const large =
    request.headers.has('transfer-encoding') || Number(request.headers.get('content-length') ?? 0) > MAX_JSON_BYTES;
  if (!large) return null;
  const words = `Send a body of at most ${MAX_JSON_BYTES / 1024 ** 2} MB, with its Content-Length.`;
  return problemResponse(new AppError('too_large', words), `${request.method} ${new URL(request.url).pathname}`);
}
