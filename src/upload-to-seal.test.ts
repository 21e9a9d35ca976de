import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import { uploadKeyOf } from '#core/data/blob-keys.ts';
import type { Report } from '#core/data/report.ts';
import { testDb } from '#db/testing.ts';
import type { Actor } from '#server/actor.ts';
import { cancelDataset } from '#server/datasets/cancel-dataset.ts';
import { confirmDataset } from '#server/datasets/confirm-dataset.ts';
import { createUpload } from '#server/datasets/create-upload.ts';
import { getDataset } from '#server/datasets/get-dataset.ts';
import { getItemImage } from '#server/datasets/get-item-image.ts';
import { getProjectData } from '#server/datasets/get-project-data.ts';
import { importLocalFile } from '#server/datasets/import-local-file.ts';
import { listItems } from '#server/datasets/list-items.ts';
import { streamUpload } from '#server/datasets/stream-upload.ts';
import { tusHandler } from '#server/datasets/tus.ts';
import { testProject, testReferee, untilState } from './referee/testing.ts';

const db = await testDb();
const referee = await testReferee(db);
const { blobs } = referee;
referee.run();
const MAX = 20 * 2 ** 20;

async function team() {
  const { projectId, userId } = await testProject(db);
  return { projectId, actor: { userId, isAdmin: false, via: { kind: 'session', sessionId: 's' } } satisfies Actor };
}
async function* pieces(bytes: Buffer, size = 1000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('an upload in one stream', () => {
  it('goes to review, is confirmed, and its open parts can be browsed', async () => {
    const { projectId, actor } = await team();
    const file = await readFile('samples/iris.csv');
    const input = { projectId, filename: 'iris.csv', bytes: file.length };
    const id = await streamUpload(db, blobs, actor, input, pieces(file), MAX);
    await untilState(referee, id, 'review');
    const review = await getDataset(db, blobs, actor, id);
    expect((review.report as Report).content).toMatchObject({ type: 'table', target: 'species' });
    const decision = { kind: 'tabular-classification', target: 'species' } as const;
    await expect(confirmDataset(db, blobs, actor, id, { ...decision, target: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_data',
      items: [{ path: 'target' }],
    });
    await confirmDataset(db, blobs, actor, id, decision);
    await untilState(referee, id, 'sealed');

    const sealed = await getDataset(db, blobs, actor, id);
    expect(sealed.items).toEqual({ train: 105, validation: 22, test: 23 });
    expect(sealed.uploadDeleted).toBe(true);
    const page = await listItems(db, blobs, actor, { datasetId: id, part: 'train', from: 100, limit: 50 });
    expect(page).toMatchObject({ total: 105 });
    expect(page.items).toHaveLength(5);
    expect(page.items[4]).toMatchObject({ index: 104, label: expect.any(String) });
    expect(page.items[0]!.values).toHaveLength(4);
    const setosa = await listItems(db, blobs, actor, { datasetId: id, part: 'train', label: 'setosa', limit: 500 });
    expect(setosa.items).toHaveLength(setosa.total);
    expect(setosa.items.every((item) => item.label === 'setosa')).toBe(true);
    for (const part of ['test', 'TEST', 'train/../test'])
      await expect(listItems(db, blobs, actor, { datasetId: id, part })).rejects.toMatchObject({ code: 'not_found' });

    const again = createUpload(db, actor, { projectId, filename: 'b.csv', bytes: 5 }, MAX);
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    await expect(cancelDataset(db, actor, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is refused when too large, empty, or not as long as announced, and nothing stays', async () => {
    const { projectId, actor } = await team();
    const send = (bytes: number, body: Buffer) =>
      streamUpload(db, blobs, actor, { projectId, filename: 'a.csv', bytes }, pieces(body), MAX);
    await expect(send(2 * 2 ** 30, Buffer.alloc(0))).rejects.toMatchObject({ code: 'too_large' });
    await expect(send(0, Buffer.alloc(0))).rejects.toMatchObject({
      code: 'invalid_data',
      message: expect.stringContaining('0 bytes'),
    });
    for (const body of [Buffer.alloc(5000), Buffer.alloc(50)]) {
      await expect(send(1000, body)).rejects.toMatchObject({ code: 'bad_request' });
      const row = await db.prisma.dataset.findFirstOrThrow({ where: { projectId }, orderBy: { createdAt: 'desc' } });
      expect(row.state).toBe('cancelled');
      expect(await blobs.stat(uploadKeyOf(row.id))).toBeNull();
    }
    expect((await getProjectData(db, blobs, actor, projectId, MAX)).dataset).toBeNull();
  });

  it('leaves nothing when the person cancels while it arrives', async () => {
    const { projectId, actor } = await team();
    let id = '';
    async function* body() {
      yield Buffer.alloc(500);
      ({ id } = await db.prisma.dataset.findFirstOrThrow({ where: { projectId } }));
      await cancelDataset(db, actor, id);
      yield Buffer.alloc(500);
    }
    const sent = streamUpload(db, blobs, actor, { projectId, filename: 'a.csv', bytes: 1000 }, body(), MAX);
    await expect(sent).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('cancelled') });
    await referee.filesGone(id);
  });

  it('of two at once only one passes', async () => {
    const { projectId, actor } = await team();
    const tries = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => createUpload(db, actor, { projectId, filename: `${n}.csv`, bytes: 5 }, MAX)),
    );
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
  });

  it('of another team does not exist', async () => {
    const [one, two] = [await team(), await team()];
    const id = await createUpload(db, one.actor, { projectId: one.projectId, filename: 'a.csv', bytes: 5 }, MAX);
    for (const ask of [
      () => getDataset(db, blobs, two.actor, id),
      () => cancelDataset(db, two.actor, id),
      () => listItems(db, blobs, two.actor, { datasetId: id, part: 'train' }),
      () => getItemImage(db, blobs, two.actor, id, 'train', 0),
      () => createUpload(db, two.actor, { projectId: one.projectId, filename: 'a.csv', bytes: 5 }, MAX),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('a sample is taken as proposed, and its images are shown of train and validation only', async () => {
  const { projectId, actor } = await team();
  const id = await importLocalFile(db, blobs, actor, projectId, 'samples/faces-keypoints.zip', 'Faces');
  await untilState(referee, id, 'sealed');
  const png = await getItemImage(db, blobs, actor, id, 'train', 3);
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 96, height: 96 });
  const { items } = await listItems(db, blobs, actor, { datasetId: id, part: 'validation', limit: 1 });
  expect(items[0]!.targets).toHaveLength(30);
  expect(items[0]!.image).toMatch(/^data:image\/png;base64,/);
  for (const [part, index] of [
    ['test', 0],
    ['train', 420],
    ['train', -1],
    ['train', Number.NaN],
  ] as const)
    await expect(getItemImage(db, blobs, actor, id, part, index)).rejects.toMatchObject({ code: 'not_found' });
});

it('cancelled while the referee reads it, an upload leaves nothing', async () => {
  const { projectId, actor } = await team();
  const id = await importLocalFile(db, blobs, actor, projectId, 'samples/mnist-5000.zip', 'Digits');
  await untilState(referee, id, 'inspecting');
  await cancelDataset(db, actor, id);
  await untilState(referee, id, 'cancelled');
  // The referee is free again only when it has let go of the file.
  const next = await importLocalFile(db, blobs, actor, projectId, 'samples/iris.csv', 'Iris');
  await untilState(referee, next, 'sealed');
  await referee.filesGone(id);
});

describe('a resumable upload', () => {
  const request = (method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    new Request(`http://localhost/api/uploads${path}`, {
      method,
      headers: { 'tus-resumable': '1.0.0', ...headers },
      ...(body && { body: new Uint8Array(body) }),
    });
  const meta = (fields: Record<string, string>) =>
    Object.entries(fields)
      .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
      .join(',');
  const patch = (id: string, offset: number, body: Buffer) =>
    request(
      'PATCH',
      `/${id}`,
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body,
    );

  it('goes on where it broke off, and only for its owner', async () => {
    const [owner, stranger] = [await team(), await team()];
    let who: Actor | null = owner.actor;
    const handle = tusHandler({ db, blobs, maxBytes: MAX, authenticate: async () => who });
    const file = await readFile('samples/diabetes.csv');
    const metadata = meta({ projectId: owner.projectId, filename: 'diabetes.csv', name: 'Diabetes' });
    const made = await handle(
      request('POST', '', { 'upload-length': String(file.length), 'upload-metadata': metadata }),
    );
    expect(made.status).toBe(201);
    const id = made.headers.get('location')!.split('/').at(-1)!;
    expect((await handle(patch(id, 0, file.subarray(0, 10_000)))).headers.get('upload-offset')).toBe('10000');

    who = stranger.actor;
    expect((await handle(patch(id, 10_000, file.subarray(10_000)))).status).toBe(404);
    expect((await handle(request('HEAD', `/${id}`, {}))).status).toBe(404);
    who = null;
    expect((await handle(request('HEAD', `/${id}`, {}))).status).toBe(401);

    who = owner.actor;
    expect((await handle(patch(id, 5, file.subarray(5)))).status).toBe(409);
    expect((await handle(request('HEAD', `/${id}`, {}))).headers.get('upload-offset')).toBe('10000');
    expect((await handle(patch(id, 10_000, file.subarray(10_000)))).status).toBe(204);
    const row = await untilState(referee, id, 'review');
    expect(row).toMatchObject({ name: 'Diabetes', filename: 'diabetes.csv' });
    expect((await handle(patch(id, file.length, Buffer.alloc(1)))).status).toBe(404);

    expect((await handle(request('DELETE', `/${id}`, {}))).status).toBe(204);
    await untilState(referee, id, 'cancelled');
    await referee.filesGone(id);
  });

  it('whose last byte came just before the server ended is handed over when the client asks again', async () => {
    const { projectId, actor } = await team();
    const handle = tusHandler({ db, blobs, maxBytes: MAX, authenticate: async () => actor });
    const file = await readFile('samples/iris.csv');
    const metadata = meta({ projectId, filename: 'iris.csv' });
    const made = await handle(
      request('POST', '', { 'upload-length': String(file.length), 'upload-metadata': metadata }),
    );
    const id = made.headers.get('location')!.split('/').at(-1)!;
    await writeFile(blobs.file(uploadKeyOf(id)), file);
    const head = await handle(request('HEAD', `/${id}`, {}));
    expect(head.headers.get('upload-offset')).toBe(String(file.length));
    await untilState(referee, id, 'review');
  });

  it('that breaks for a reason of the server’s own tells an id and nothing else', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const handle = tusHandler({
      ...{ db, blobs, maxBytes: MAX },
      authenticate: () => Promise.reject(new Error('connect ECONNREFUSED /run/secret')),
    });
    const response = await handle(request('HEAD', '/any', {}));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('too large is refused with a problem document before any byte', async () => {
    const { projectId, actor } = await team();
    const handle = tusHandler({ db, blobs, maxBytes: MAX, authenticate: async () => actor });
    const response = await handle(
      request('POST', '', {
        'upload-length': String(2 ** 31),
        'upload-metadata': meta({ projectId, filename: 'a.zip' }),
      }),
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'too_large', detail: expect.stringContaining('2.0 GB') });
    expect(await db.prisma.dataset.count({ where: { projectId } })).toBe(0);
  });
});
