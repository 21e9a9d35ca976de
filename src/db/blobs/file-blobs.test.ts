import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobStoreContract } from './contract.ts';
import { FileBlobs } from './file-blobs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdout-blobs-'));
});
afterAll(() => rm(folder, { recursive: true }));
const make = async () => new FileBlobs(await mkdtemp(path.join(folder, 's-')));

describe('files as a blob store', () => {
  blobStoreContract(make);

  it('leaves no draft behind', async () => {
    const store = await make();
    await store.put('k', Buffer.from('x'));
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('line cut');
    }
    await store.put('k', broken()).catch(() => {});
    expect(await readdir(store.root)).toEqual(['k']);
  });
});
