import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

  it('deletes the drafts of a put that was killed, and no other key’s', async () => {
    const store = await make();
    await store.put('k', Buffer.from('x'));
    await store.put('k.json', Buffer.from('x'));
    for (const draft of ['.k.0123abcd', '.k.json.0123abcd']) await writeFile(path.join(store.root, draft), 'half');
    await store.delete('k');
    expect((await readdir(store.root)).sort()).toEqual(['.k.json.0123abcd', 'k.json']);
  });
});
