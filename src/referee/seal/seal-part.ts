import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { BlobStore } from '#db/blobs/index.ts';
import { openSealed, type SealedPartRow } from './open-sealed.ts';
import type { RefereeKey } from './referee-key.ts';
import { sealBytes } from './sealed-format.ts';

/**
 * Encrypts a part under a key of its own, and reads it back: it returns only when what lies on disk decrypts to the bytes given.
 * Nothing of the plaintext is written anywhere.
 */
export async function sealPart(
  blobs: BlobStore,
  key: RefereeKey,
  datasetId: string,
  plaintext: AsyncIterable<Uint8Array>,
): Promise<SealedPartRow> {
  const dataKey = randomBytes(32);
  const given = createHash('sha256');
  const sealed = createHash('sha256');
  // A file of its own: a try that lost its lease, but not yet its breath, must not replace what another has recorded.
  const blobKey = `sealed/${datasetId}/test-${randomUUID()}`;
  await blobs.put(blobKey, tee(sealBytes(tee(plaintext, given), dataKey, datasetId), sealed));
  const row = { datasetId, blobKey, wrappedKey: key.wrap(dataKey), digest: sealed.digest('hex') };

  const read = createHash('sha256');
  for await (const chunk of (await openSealed(blobs, key, row)).chunks()) read.update(chunk);
  if (!read.digest().equals(given.digest()))
    throw new Error('The sealed test part does not decrypt to what was sealed.');
  return row;
}

async function* tee(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const bytes of source) {
    hash.update(bytes);
    yield bytes;
  }
}
