import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { previewRequestSchema } from '#core/api/schemas.ts';
import { planAugmentation } from '#core/augmentation/plan.ts';
import { previewItems } from '#core/augmentation/preview.ts';
import { augmentationSchema } from '#core/augmentation/spec.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { type BlobStore, openBlobs } from '#db/blobs/index.ts';
import { makeDataset, makeProject } from '#db/testing/fixtures.ts';
import { putPack } from '#db/testing/put-pack.ts';
import { testDb } from '#db/testing.ts';
import { personActor } from '../testing.ts';
import { checkPreview } from './check-preview.ts';
import { contactSheet } from './contact-sheet.ts';
import { previewAugmentation } from './preview-augmentation.ts';

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-preview-'));
const blobs = openBlobs(folder);
afterAll(() => rm(folder, { recursive: true }));

const SIDE = 12;
const N = 20;
const target = (name: string) => ({ name, offset: SIDE / 2, scale: SIDE / 2 });
const faces: DatasetSchema = {
  kind: 'image-keypoints',
  image: { height: SIDE, width: SIDE, channels: 1 },
  targets: ['left_eye_x', 'left_eye_y', 'right_eye_x', 'right_eye_y', 'nose_x', 'nose_y'].map(target),
};
const POINTS = [3, 4, 9, 4, null, null];
const letters: DatasetSchema = {
  kind: 'image-classification',
  image: { height: SIDE, width: SIDE, channels: 3 },
  classes: ['a', 'b'],
};

/** A project of one's own, its data set sealed with `N` train items; each image is brighter from left to right. */
async function sealed(schema: DatasetSchema) {
  const made = await makeProject(db);
  const dataset = await makeDataset(db, made, { schema, nTrain: N, nValidation: 4, nTest: 4 });
  const items = Array.from({ length: N }, (_, i) => ({
    name: `${i}.png`,
    ...('classes' in schema ? { label: schema.classes[i % 2]! } : { targets: [...POINTS] }),
  }));
  const input = inputOf(schema);
  if (input.kind === 'image') {
    const { height, width, channels } = input;
    const data = Uint8Array.from({ length: N * height * width * channels }, (_, k) => {
      return Math.floor(255 * ((Math.floor(k / channels) % width) / (width - 1)));
    });
    await putPack(blobs, dataset.id, 'train', { dtype: 'uint8', shape: [N, height, width, channels], data }, items);
  } else {
    const data = Float32Array.from({ length: N * input.features }, (_, k) => k);
    await putPack(blobs, dataset.id, 'train', { dtype: 'float32', shape: [N, input.features], data }, items);
  }
  return { ...made, dataset, actor: personActor(made.user.id) };
}

type Made = Awaited<ReturnType<typeof sealed>>;
const preview = ({ project, actor }: Made, request: object) =>
  checkPreview(db, actor, { ...previewRequestSchema.parse(request), projectId: project.id }).then((checked) =>
    previewAugmentation(blobs, checked),
  );
/** uint8 [H, W] of a grey picture */
const pixels = (png: Buffer | undefined) => sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });

test('keypoints are those of the step, moved with their pictures, and swap sides in a mirror image', async () => {
  const made = await sealed(faces);
  const augmentation = { horizontalFlip: true };
  const found = await preview(made, { config: { augmentation, seed: 5 }, step: 3 });
  expect(found).toMatchObject({ datasetId: made.dataset.id, seed: 5, step: 3, augmented: true, notes: [] });
  expect(found.targets).toEqual(faces.targets.map(({ name }) => name));
  expect(found.items.map(({ index, name }) => [index, name])).toEqual(
    Array.from({ length: 16 }, (_, i) => [i, `${i}.png`]),
  );
  let flipped = 0;
  for (const { targets, png, blend } of found.items) {
    const { data, info } = await pixels(png);
    expect([info.width, info.height]).toEqual([SIDE, SIDE]);
    expect(blend).toBeNull();
    const mirrored = data[0] === 255;
    if (mirrored) flipped++;
    // The person's left eye is where the right one was, counted from the other edge.
    expect(targets).toEqual(mirrored ? [SIDE - 9, 4, SIDE - 3, 4, null, null] : POINTS);
  }
  expect(flipped).toBeGreaterThan(2);
  expect(flipped).toBeLessThan(14);
});

test('a step draws what the launch page draws, in a run that accumulates its first batch', async () => {
  const made = await sealed(faces);
  const augmentation = { rotation: 20, zoom: 0.2, noise: 0.1 };
  const found = await preview(made, { config: { augmentation, seed: 2, accumulate: 4 }, step: 3 });
  const plan = planAugmentation(augmentationSchema.parse(augmentation), faces, inputOf(faces))!;
  const plain = await preview(made, { config: {} });
  const sources = await Promise.all(
    plain.items.map(async ({ png, targets }) => ({
      x: Float32Array.from((await pixels(png)).data, (v) => v / 255),
      targets: Float32Array.from(targets!, (v) => v ?? Number.NaN),
    })),
  );
  for (const [i, { targets, x }] of previewItems(plan, sources, 2, 8).entries()) {
    const { data } = await pixels(found.items[i]!.png);
    expect(data[data.length / 2]! / 255).toBeCloseTo(x[x.length / 2]!, 2);
    expect(found.items[i]!.targets![0]).toBeCloseTo(targets[0]!, 4);
  }
});

test('blended items name their partner, and share their class with its', async () => {
  const made = await sealed(letters);
  const { items, notes } = await preview(made, { config: { augmentation: { mixup: 1, horizontalFlip: true } } });
  expect(notes).toEqual([expect.stringContaining('named like characters')]);
  const blended = items.filter(({ blend }) => blend);
  expect(blended.length).toBeGreaterThan(8);
  for (const { index, label, classes, blend } of blended) {
    const partner = items[blend!.partner]!;
    expect(partner.index).not.toBe(index);
    const sum = classes!.reduce((total, { share }) => total + share, 0);
    expect(sum).toBeCloseTo(1, 6);
    const own = classes!.find(({ name }) => name === label)!;
    if (partner.label === label) expect(classes).toEqual([{ name: label, share: 1 }]);
    else expect(own.share).toBeCloseTo(blend!.share, 6);
  }
});

test('of a table mixup blends the rows as the model takes them', async () => {
  const made = await sealed({
    kind: 'tabular-regression',
    columns: [
      { name: 'age', type: 'numeric', mean: 0, std: 1, missing: true },
      { name: 'colour', type: 'categorical', categories: ['red', 'blue'] },
    ],
    features: 4,
    targets: [{ name: 'price', offset: 0, scale: 1 }],
  });
  const found = await preview(made, { config: { augmentation: { mixup: 1 } } });
  expect(found.features).toEqual(['age', 'age is missing', 'colour = red', 'colour = blue']);
  for (const { features, blend, index } of found.items) {
    const { share, partner } = blend ?? { share: 1, partner: index };
    expect(features![0]).toBeCloseTo(4 * (share * index + (1 - share) * partner), 3);
  }
  await expect(contactSheet(found, null)).rejects.toMatchObject({ code: 'bad_request' });
  const refused = preview(made, { config: { augmentation: { rotation: 10 } } });
  await expect(refused).rejects.toMatchObject({ code: 'invalid_data', items: [{ path: '/augmentation/rotation' }] });
});

test('where nothing is on, items are as they are, and it says why', async () => {
  const made = await sealed(faces);
  const augmentation = { rotation: 40 };
  for (const [config, note] of [
    [{}, 'Every amount is 0'],
    [{ augmentation: {} }, 'Every amount is 0'],
    [{ augmentation, mode: 'overfit_batch' }, 'without augmentation'],
  ] as const) {
    const { augmented, notes, items } = await preview(made, { config });
    expect(augmented).toBe(false);
    expect(notes).toEqual([expect.stringContaining(note)]);
    expect(items[0]!.targets).toEqual(POINTS);
  }
});

test('large pictures are shrunk, and their points still count in the pixels of the data set', async () => {
  const wide: DatasetSchema = {
    ...faces,
    image: { height: 256, width: 1024, channels: 1 },
    targets: faces.targets.map(({ name }) => ({ name, offset: 512, scale: 512 })),
  };
  const found = await preview(await sealed(wide), { config: { augmentation: { horizontalFlip: true } } });
  expect(found.picture).toMatchObject({ width: 512, height: 128, scale: 0.5 });
  for (const { targets } of found.items) expect([3, 1024 - 9]).toContain(targets![0]);
});

test('without the pictures none is read, and everything else is the same', async () => {
  const unread: BlobStore = Object.assign(Object.create(blobs), {
    range(key: string, start: number, end: number) {
      if (end - start === SIDE * SIDE * schema.image.channels) throw new Error('A picture was read.');
      return blobs.range(key, start, end);
    },
  });
  let schema: typeof faces | typeof letters;
  for (schema of [faces, letters]) {
    const made = await sealed(schema);
    const mixup = schema === letters ? 1 : 0;
    for (const augmentation of [{ horizontalFlip: true, rotation: 20, mixup }, null]) {
      const request = previewRequestSchema.parse({ config: { augmentation, seed: 3 }, step: 2 });
      const checked = await checkPreview(db, made.actor, { ...request, projectId: made.project.id });
      const whole = await previewAugmentation(blobs, checked);
      const items = whole.items.map(({ png: _, ...item }) => item);
      const small = await previewAugmentation(unread, checked, false);
      expect(small).toEqual({ ...whole, items });
    }
  }
});

test('one image is read at a time', async () => {
  const { dataset, project, actor } = await sealed(letters);
  let reads = 0;
  let underWay = 0;
  let most = 0;
  const watched: BlobStore = Object.assign(Object.create(blobs), {
    async range(key: string, start: number, end: number) {
      if (end - start !== SIDE * SIDE * 3) return blobs.range(key, start, end);
      reads++;
      most = Math.max(most, ++underWay);
      const bytes = await blobs.range(key, start, end);
      underWay--;
      return bytes;
    },
  });
  const request = previewRequestSchema.parse({ config: {}, datasetId: dataset.id });
  await previewAugmentation(watched, await checkPreview(db, actor, { ...request, projectId: project.id }));
  expect([reads, most]).toEqual([16, 1]);
});

test('a sheet holds four enlarged pictures a row', async () => {
  const found = await preview(await sealed(letters), { config: { augmentation: { brightness: 0.1 } } });
  const sheet = await sharp(await contactSheet(found, augmentationSchema.parse({ brightness: 0.1 }))).metadata();
  expect(sheet).toMatchObject({ format: 'png', channels: 3 });
  expect(sheet.width).toBeGreaterThan(4 * 200);
  expect(sheet.height).toBeGreaterThan(4 * 200);
});

test("a stranger's project and data set answer as what does not exist, and without a seal there is no preview", async () => {
  const [made, other] = [await sealed(faces), await sealed(faces)];
  const config = { augmentation: { rotation: 5 } };
  await expect(preview({ ...made, actor: other.actor }, { config })).rejects.toMatchObject({ code: 'not_found' });
  const datasetId = other.dataset.id;
  await expect(preview(made, { config, datasetId })).rejects.toMatchObject({ code: 'not_found' });
  const early = { ...made, ...(await makeProject(db)) };
  await expect(preview({ ...early, actor: personActor(early.user.id) }, { config })).rejects.toMatchObject({
    code: 'conflict',
  });
});
