import type { Readable } from 'node:stream';
import { AppError } from '#core/errors.ts';

/** Bytes under a key. What a key holds is whole or absent: a put becomes visible at once, after it is on disk. */
export interface BlobStore {
  /** Replaces what the key held. @returns size in bytes. A source that throws leaves the key as it was. */
  put(key: string, source: Uint8Array | AsyncIterable<Uint8Array>): Promise<number>;
  /** The whole blob. Throws AppError `not_found`. */
  get(key: string): Promise<Buffer>;
  /** Bytes `start` to `end` (exclusive); throws a RangeError where the blob is shorter. */
  range(key: string, start: number, end: number): Promise<Buffer>;
  /** A file of this machine that holds the blob, for readers of many small ranges; it stays what it was until the blob is deleted. Throws AppError `not_found`. */
  local(key: string): Promise<string>;
  /** The whole blob as a stream; throws AppError `not_found` before the first byte. */
  stream(key: string): Promise<Readable>;
  /** Size in bytes, or null where there is no such blob. */
  stat(key: string): Promise<{ bytes: number } | null>;
  /** Also removes what interrupted puts left behind. Without effect where there is no such blob. */
  delete(key: string): Promise<void>;
  /** Removes every blob whose key starts with `<prefix>/`, and what interrupted puts there left behind. */
  deleteAll(prefix: string): Promise<void>;
}

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Keys look like `packs/<id>/train.safetensors`; a segment starts with a letter or digit, so none can climb out of the store. */
export function checkKey(key: string): string[] {
  const segments = key.split('/');
  if (segments.length > 8 || !segments.every((s) => SEGMENT.test(s))) {
    throw new Error(`"${key}" is not a key: use letters, digits, ".", "_" and "-" between slashes.`);
  }
  return segments;
}

export function noBlob(key: string, cause?: unknown): AppError {
  return new AppError('not_found', 'The stored file is gone.', { details: { key }, cause });
}
