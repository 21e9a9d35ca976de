import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { BlobStore } from './blob-store.ts';

/** What every blob store must pass. `make` gives an empty store. */
export function blobStoreContract(make: () => Promise<BlobStore>): void {
  const text = async (store: BlobStore, key: string) => (await store.get(key)).toString();

  it('gives back what was put, from bytes and from a stream', async () => {
    const store = await make();
    expect(await store.put('a/one.bin', Buffer.from('hello'))).toBe(5);
    async function* parts() {
      yield Buffer.from('he');
      yield Buffer.from('');
      yield Buffer.from('llo, again');
    }
    expect(await store.put('a/two.bin', parts())).toBe(12);
    expect(await text(store, 'a/one.bin')).toBe('hello');
    expect(await text(store, 'a/two.bin')).toBe('hello, again');
    expect(await store.stat('a/two.bin')).toEqual({ bytes: 12 });
    expect(Buffer.concat(await (await store.stream('a/two.bin')).toArray()).toString()).toBe('hello, again');
  });

  it('reads a range, and says when it lies outside', async () => {
    const store = await make();
    await store.put('r', Buffer.from('0123456789'));
    expect((await store.range('r', 2, 5)).toString()).toBe('234');
    expect((await store.range('r', 4, 4)).length).toBe(0);
    await expect(store.range('r', 8, 11)).rejects.toThrow(RangeError);
  });

  it('names a local file that holds it', async () => {
    const store = await make();
    await store.put('l', Buffer.from('here'));
    expect(await readFile(await store.local('l'), 'utf8')).toBe('here');
  });

  it('replaces a blob whole, also while it is being read', async () => {
    const store = await make();
    await store.put('k', Buffer.from('old'));
    const reader = await store.stream('k');
    await store.put('k', Buffer.from('newer'));
    expect(Buffer.concat(await reader.toArray()).toString()).toBe('old');
    expect(await text(store, 'k')).toBe('newer');
  });

  it('keeps the old blob where a put breaks off', async () => {
    const store = await make();
    await store.put('k', Buffer.from('old'));
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('line cut');
    }
    await expect(store.put('k', broken())).rejects.toThrow('line cut');
    expect(await text(store, 'k')).toBe('old');
    await expect(store.put('new', broken())).rejects.toThrow('line cut');
    expect(await store.stat('new')).toBeNull();
  });

  it('answers for what does not exist', async () => {
    const store = await make();
    expect(await store.stat('no/such')).toBeNull();
    for (const read of [
      () => store.get('no/such'),
      () => store.range('no/such', 0, 1),
      () => store.stream('no/such'),
      () => store.local('no/such'),
    ]) {
      await expect(read()).rejects.toMatchObject({ code: 'not_found' });
    }
    await store.delete('no/such');
    await store.deleteAll('no');
  });

  it('deletes one, and all below a prefix but not its neighbours', async () => {
    const store = await make();
    for (const key of ['p/1/a', 'p/1/b', 'p/12/a']) await store.put(key, Buffer.from(key));
    await store.delete('p/1/a');
    expect(await store.stat('p/1/a')).toBeNull();
    await store.deleteAll('p/1');
    expect(await store.stat('p/1/b')).toBeNull();
    expect(await text(store, 'p/12/a')).toBe('p/12/a');
  });

  it('takes no key that could leave the store', async () => {
    const store = await make();
    for (const key of ['', '/', '../x', 'a/../../x', '/etc/passwd', 'a//b', 'a/.', '.hidden', 'a\\b', 'a\0', 'a/']) {
      await expect(store.put(key, Buffer.from('x')), key).rejects.toThrow('is not a key');
      await expect(store.get(key), key).rejects.toThrow('is not a key');
      await expect(store.delete(key), key).rejects.toThrow('is not a key');
      await expect(store.deleteAll(key), key).rejects.toThrow('is not a key');
    }
  });
}
