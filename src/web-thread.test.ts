import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, expect, test } from 'vitest';
import { previewRequestSchema } from '#core/api/schemas.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { makeDataset, makeProject, makeRun } from '#db/testing/fixtures.ts';
import { putPack } from '#db/testing/put-pack.ts';
import { testDb } from '#db/testing.ts';
import { checkPreview } from '#server/augmentation/check-preview.ts';
import { drawPreview } from '#server/augmentation/draw-preview.ts';
import { encodeCheckpoint } from '#server/checkpoints/encode-checkpoint.ts';
import { exportCheckpoint } from '#server/checkpoints/export-checkpoint.ts';
import { encodeModel } from '#server/exports/formats.ts';
import { networkOf } from '#server/exports/testing.ts';
import { handleRest } from '#server/rest/handle-rest.ts';
import { augmentationRoutes } from '#server/rest/routes/augmentation.ts';
import { personActor } from '#server/testing.ts';
import { convertModel } from '#server/transfer/convert-model.ts';
import { importModel } from '#server/transfer/import-model.ts';

/** While one person's large model or preview is worked on, the thread that answers everybody else is free. */

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-web-thread-'));
const blobs = openBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));
const SIDE = 256;
const schema: DatasetSchema = {
  kind: 'image-classification',
  image: { height: SIDE, width: SIDE, channels: 3 },
  classes: ['a', 'b'],
};
const layers = [
  { type: 'conv2d', filters: 512, kernelSize: 3, strides: 16 },
  { type: 'conv2d', filters: 1024, kernelSize: 3, strides: 8 },
  { type: 'global_average_pool2d' },
  { type: 'dense', units: 4096 },
  { type: 'dense', units: 2 },
];
const made = await makeProject(db);
const actor = personActor(made.user.id);
const dataset = await makeDataset(db, made, { schema, nTrain: 16, nValidation: 1, nTest: 1 });
const network = networkOf('large', schema, layers);

/** Milliseconds that this thread computes at a stretch, at most: so long everybody waits. Its own time, so a busy machine changes little. */
async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  const spent = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let [last, longest] = [spent(), 0];
  const beat = () => {
    const now = spent();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(beat, 5);
  await work();
  beat();
  clearInterval(timer);
  return longest;
}

const { signal } = new AbortController();

test('while a checkpoint is encoded', async () => {
  const model = { model: { layers }, optimizer: { kind: 'sgd' }, learningRate: 0.1, batchSize: 1, epochs: 1 };
  const config = runConfigSchema.parse(model) as object;
  const run = await makeRun(db, { ...made, dataset }, { config, state: 'finished', endedAt: new Date() });
  const weights = encodeSafetensors(network.weights);
  const weightsKey = `runs/${run.id}/best.safetensors`;
  const digest = createHash('sha256').update(weights).digest('hex');
  await blobs.put(weightsKey, weights);
  await db.prisma.checkpoint.create({
    data: { runId: run.id, kind: 'best', step: 1, epoch: 1, weightsKey, digest },
  });
  const format = 'example';
  const here = () => encodeCheckpoint({ ...network, format, id: 'best', file: blobs.file(weightsKey), digest });
  const asked = async () => {
    const { content } = await exportCheckpoint(db, blobs, actor, { runId: run.id, checkpoint: 'best', format }, signal);
    await finished(content.resume());
  };
  expect(await longestStretch(asked)).toBeLessThan((await longestStretch(here)) / 2);
});

test('while a model is converted', async () => {
  const file = await encodeModel('tfjs', network);
  const filename = 'large.zip';
  const pieces = function* () {
    for (let at = 0; at < file.length; at += 1 << 16) yield file.subarray(at, at + (1 << 16));
  };
  const body = Readable.toWeb(Readable.from(pieces()));
  const request = new Request('http://x/', { method: 'POST', body, duplex: 'half' } as unknown as RequestInit);
  const here = () => convertModel({ contentType: null, filename }, () => Buffer.from(file));
  const asked = () => importModel(db, blobs, actor, { projectId: made.project.id, filename, request });
  expect(await longestStretch(asked)).toBeLessThan((await longestStretch(here)) / 2);
});

test('while a preview is drawn', async () => {
  const shape = [16, SIDE, SIDE, 3];
  const data = Uint8Array.from({ length: 16 * SIDE * SIDE * 3 }, (_, i) => (i * 7919) >> 5);
  const items = Array.from({ length: 16 }, (_, i) => ({ name: `${i}.png`, label: 'a' }));
  await putPack(blobs, dataset.id, 'train', { dtype: 'uint8', shape, data }, items);
  const body = { config: { augmentation: { rotation: 10, noise: 0.1 } } };
  const where = `http://x/api/v1/projects/${made.project.id}/augmentation-preview?sheet=true`;
  const headers = { 'content-type': 'application/json' };
  const server = { db, blobs, routes: augmentationRoutes, authenticate: async () => actor };
  const here = async () => {
    const asked = { ...previewRequestSchema.parse(body), projectId: made.project.id };
    const preview = await checkPreview(db, actor, asked);
    await drawPreview({ root: blobs.root, preview, answer: { images: true, sheet: true } });
  };
  const asked = async () => {
    const request = new Request(where, { method: 'POST', headers, body: JSON.stringify(body) });
    const response = await handleRest(server, request);
    expect(response.status).toBe(200);
    await response.body!.pipeTo(new WritableStream());
  };
  expect(await longestStretch(asked)).toBeLessThan((await longestStretch(here)) / 2);
});
