import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBlobs } from '#db/blobs/index.ts';
import { openSealed } from './open-sealed.ts';
import { openRefereeKey, refereeKeyPath } from './referee-key.ts';
import { sealPart } from './seal-part.ts';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES } from './sealed-format.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'holdout-seal-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a sealed part', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
    'of %i bytes decrypts to what was sealed, whole and by range',
    async (n) => {
      const key = await openRefereeKey(dir, true);
      const plain = randomBytes(n);
      const part = await sealPart(openBlobs(dir), key, `size-${n}`, inPieces(plain, 70_001));
      const opened = await openSealed(openBlobs(dir), key, part);
      expect(opened.bytes).toBe(n);
      expect((await opened.all()).equals(plain)).toBe(true);
      const [from, to] = [Math.floor(n / 3), n - Math.floor(n / 5)];
      expect((await opened.range(from, to)).equals(plain.subarray(from, to))).toBe(true);
      await expect(opened.range(0, n + 1)).rejects.toThrow(RangeError);
    },
  );

  it('is refused when a byte differs, chunks are swapped, the end is cut off, or it is another data set’s', async () => {
    const blobs = openBlobs(dir);
    const key = await openRefereeKey(dir, true);
    const part = await sealPart(blobs, key, 'tampered', inPieces(randomBytes(2 * CHUNK_BYTES + 10), 65_536));
    const file = blobs.file(part.blobKey);
    const good = await readFile(file);
    const { createHash } = await import('node:crypto');
    const attack = async (bytes: Buffer, context = 'tampered') => {
      await writeFile(file, bytes);
      // The attacker who writes the file may write the row too: only the key's owner can make valid chunks.
      const digest = createHash('sha256').update(bytes).digest('hex');
      const opened = await openSealed(blobs, key, { ...part, datasetId: context, digest });
      return opened.all();
    };
    const flipped = Buffer.from(good);
    flipped[100]! ^= 1;
    await expect(attack(flipped)).rejects.toThrow();
    const first = good.subarray(15, 15 + SEALED_CHUNK_BYTES);
    const second = good.subarray(15 + SEALED_CHUNK_BYTES, 15 + 2 * SEALED_CHUNK_BYTES);
    const rest = good.subarray(15 + 2 * SEALED_CHUNK_BYTES);
    await expect(attack(Buffer.concat([good.subarray(0, 15), second, first, rest]))).rejects.toThrow();
    await expect(attack(good.subarray(0, 15 + 2 * SEALED_CHUNK_BYTES))).rejects.toThrow();
    await expect(attack(good, 'another')).rejects.toThrow();
    await expect(openSealed(blobs, key, { ...part, digest: '00' })).rejects.toThrow('not the one that was sealed');
    expect((await attack(good)).length).toBe(2 * CHUNK_BYTES + 10);
  });
});

describe('the referee’s key', () => {
  it('is made once, for its owner alone, and opens only what it wrapped', async () => {
    const one = await openRefereeKey(dir, true);
    const again = await openRefereeKey(dir, false);
    const dataKey = randomBytes(32);
    expect(again.unwrap(one.wrap(dataKey)).equals(dataKey)).toBe(true);
    expect((await stat(refereeKeyPath(dir))).mode & 0o777).toBe(0o600);
    const other = await openRefereeKey(path.join(dir, 'other'), true);
    expect(() => other.unwrap(one.wrap(dataKey))).toThrow();
  });
  it('is never replaced once something is sealed', async () => {
    await expect(openRefereeKey(path.join(dir, 'lost'), false)).rejects.toThrow('from a backup');
  });
});
