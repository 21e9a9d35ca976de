import { createHash } from 'node:crypto';
import type { BlobStore } from '#db/blobs/index.ts';
import type { RefereeKey } from './referee-key.ts';
import { CHUNK_BYTES, HEADER_BYTES, openChunk, readPrefix, SEALED_CHUNK_BYTES, sealedLayout } from './sealed-format.ts';

/** A row of SealedPart. */
export interface SealedPartRow {
  datasetId: string;
  blobKey: string;
  wrappedKey: Uint8Array;
  digest: string;
}

/** The decrypted test part, read by range; every byte was authenticated before it is given out. */
export interface OpenedPart {
  /** size of the plaintext safetensors file */
  bytes: number;
  range(start: number, end: number): Promise<Buffer>;
  /** The whole file in memory. */
  all(): Promise<Buffer>;
  chunks(): AsyncGenerator<Buffer>;
}

/**
 * Opens a sealed test part: #core/format/safetensors.ts with `x` (uint8 [N, H, W, C] or float32 [N, D]) and
 * `y` (int32 [N] or float32 [N, T], NaN missing), as in the packs of train and validation.
 * Throws where the ciphertext isn't the one that was sealed, or the key isn't this referee's.
 */
export async function openSealed(blobs: BlobStore, key: RefereeKey, part: SealedPartRow): Promise<OpenedPart> {
  const hash = createHash('sha256');
  for await (const bytes of await blobs.stream(part.blobKey)) hash.update(bytes);
  if (hash.digest('hex') !== part.digest)
    throw new Error(`The sealed test part of data set ${part.datasetId} is not the one that was sealed.`);
  const dataKey = key.unwrap(part.wrappedKey);
  const size = (await blobs.stat(part.blobKey))!.bytes;
  const { chunks, bytes } = sealedLayout(size);
  const prefix = readPrefix(await blobs.range(part.blobKey, 0, HEADER_BYTES));

  const chunkAt = async (chunk: number): Promise<Buffer> => {
    const start = HEADER_BYTES + chunk * SEALED_CHUNK_BYTES;
    const sealed = await blobs.range(part.blobKey, start, Math.min(size, start + SEALED_CHUNK_BYTES));
    return openChunk(sealed, { key: dataKey, prefix, context: part.datasetId, chunk, last: chunk === chunks - 1 });
  };
  // Readers go through tensors in order, so most ranges lie in the chunk that the one before ended in.
  let recent: { chunk: number; plain: Promise<Buffer> } | undefined;
  const cached = (chunk: number) => {
    if (recent?.chunk !== chunk) recent = { chunk, plain: chunkAt(chunk) };
    return recent.plain;
  };

  const range = async (start: number, end: number) => {
    if (start < 0 || end > bytes || start > end) throw new RangeError(`The test part has no bytes ${start} to ${end}.`);
    const out = Buffer.allocUnsafe(end - start);
    for (let at = start; at < end; ) {
      const chunk = Math.floor(at / CHUNK_BYTES);
      const from = at - chunk * CHUNK_BYTES;
      at += (await cached(chunk)).copy(out, at - start, from, Math.min(CHUNK_BYTES, from + end - at));
    }
    return out;
  };
  return {
    bytes,
    range,
    all: () => range(0, bytes),
    async *chunks() {
      for (let chunk = 0; chunk < chunks; chunk++) yield await chunkAt(chunk);
    },
  };
}
