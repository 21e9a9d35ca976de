import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * A sealed file: chunks of 1 MiB under AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015),
 * so that parts of any size are encrypted, checked and read by range in bounded memory; one GCM message would have to be
 * held whole before its tag can be checked. Chunks can't be swapped, cut off or moved to another data set.
 * File: magic [8], nonce prefix [7], then per chunk the ciphertext and its tag [16].
 * Nonce: prefix [7], chunk number big-endian [4], 1 for the last chunk else 0 [1]. Each file has its own key.
 */

const MAGIC = Buffer.from('HOLDOUT1');
const PREFIX_BYTES = 7;
const TAG_BYTES = 16;
export const HEADER_BYTES = MAGIC.length + PREFIX_BYTES;
export const CHUNK_BYTES = 2 ** 20;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

function nonce(prefix: Uint8Array, chunk: number, last: boolean): Buffer {
  const out = Buffer.alloc(12);
  out.set(prefix);
  out.writeUInt32BE(chunk, PREFIX_BYTES);
  out[11] = last ? 1 : 0;
  return out;
}

/** @param context bound to every chunk: the data set's id */
export async function* sealBytes(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Buffer,
  context: string,
): AsyncGenerator<Buffer> {
  const prefix = randomBytes(PREFIX_BYTES);
  const aad = Buffer.from(context);
  let chunk = 0;
  const seal = (plain: Uint8Array, last: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(prefix, chunk++, last));
    cipher.setAAD(aad);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  yield Buffer.concat([MAGIC, prefix]);
  const held = Buffer.alloc(CHUNK_BYTES);
  let filled = 0;
  for await (const bytes of source) {
    let at = 0;
    while (at < bytes.length) {
      // A full chunk waits until more follows: only the last one carries the end mark.
      if (filled === CHUNK_BYTES) {
        yield seal(held, false);
        filled = 0;
      }
      const take = Math.min(bytes.length - at, CHUNK_BYTES - filled);
      held.set(bytes.subarray(at, at + take), filled);
      filled += take;
      at += take;
    }
  }
  yield seal(held.subarray(0, filled), true);
}

export interface SealedLayout {
  chunks: number;
  /** of the plaintext */
  bytes: number;
}

/** Throws a RangeError where no sealed file can have this size. */
export function sealedLayout(fileBytes: number): SealedLayout {
  const body = fileBytes - HEADER_BYTES;
  const chunks = Math.ceil(body / SEALED_CHUNK_BYTES);
  if (chunks < 1 || body - (chunks - 1) * SEALED_CHUNK_BYTES < TAG_BYTES)
    throw new RangeError(`A sealed file can't be ${fileBytes} bytes long.`);
  return { chunks, bytes: body - chunks * TAG_BYTES };
}

export function readPrefix(header: Uint8Array): Buffer {
  if (!MAGIC.equals(header.subarray(0, MAGIC.length))) throw new Error('This is not a sealed file.');
  return Buffer.from(header.subarray(MAGIC.length, HEADER_BYTES));
}

/** Plaintext of one chunk; throws where key, context, place or bytes don't agree. */
export function openChunk(
  sealed: Uint8Array,
  at: { key: Buffer; prefix: Buffer; context: string; chunk: number; last: boolean },
): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', at.key, nonce(at.prefix, at.chunk, at.last));
  decipher.setAAD(Buffer.from(at.context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
}
