import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import type { AppError } from '#core/errors.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { makeDataset, makeProject, makeTeam } from '#db/testing/fixtures.ts';
import { putPack } from '#db/testing/put-pack.ts';
import { testDb } from '#db/testing.ts';
import { personActor } from '#server/testing.ts';
import { createToken } from '#server/tokens/create-token.ts';
import { buildProgram } from './cli/program.ts';
import { serve } from './cli/serve-for-tests.ts';

/** `holdout run preview` against the real REST interface on a real Postgres. */
const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-preview-cli-'));
Object.assign(process.env, { DATABASE_URL: db.url, HOLDOUT_DATA: folder, HOLDOUT_SECRET: 'x'.repeat(32) });
const rest = await import('#app/api/v1/[[...path]]/route.ts');
const asked: URL[] = [];
const server = await serve((request) => {
  asked.push(new URL(request.url));
  return rest.GET(request);
});
afterAll(async () => {
  await server.close();
  await (await import('#server/db.ts')).db().close();
  await rm(folder, { recursive: true });
});

const SIDE = 8;
const N = 18;
const target = (name: string) => ({ name, offset: SIDE / 2, scale: SIDE / 2 });
const { user, ...made } = await makeTeam(db);
const { project } = await makeProject(db, { user, ...made });
const dataset = await makeDataset(
  db,
  { user, project },
  {
    schema: {
      kind: 'image-keypoints',
      image: { height: SIDE, width: SIDE, channels: 1 },
      targets: ['left_eye_x', 'left_eye_y', 'right_eye_x', 'right_eye_y'].map(target),
    },
    nTrain: N,
    nValidation: 3,
    nTest: 3,
  },
);
await putPack(
  openBlobs(folder),
  dataset.id,
  'train',
  { dtype: 'uint8', shape: [N, SIDE, SIDE, 1], data: new Uint8Array(N * SIDE * SIDE).fill(120) },
  Array.from({ length: N }, (_, i) => ({ name: `face ${i}`, targets: [2, 3, 6, 3] })),
);
const { token } = await createToken(db, personActor(user.id), {
  name: 'reader',
  scopes: ['read'],
  projectId: null,
  days: 1,
});
Object.assign(process.env, { HOLDOUT_URL: server.url, HOLDOUT_TOKEN: token });

const config = path.join(folder, 'run.json');
await writeFile(config, JSON.stringify({ epochs: 3, augmentation: { horizontalFlip: true } }));

/** What a command writes to standard output. */
async function holdout(...args: string[]): Promise<string> {
  const written: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await buildProgram().parseAsync(['node', 'holdout', 'run', 'preview', ...args]);
    return written.join('');
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test('prints sixteen items with their targets, and needs no more than to read', async () => {
  const lines = (await holdout('--config', config)).split('\n');
  expect(lines[0]).toBe('item  name');
  expect(lines[16]).toBe('  15  face 15');
  const [left, right] = ['left_eye_x', 'right_eye_x'].map((name) =>
    lines
      .find((line) => line.startsWith(name))!
      .split(/\s+/)
      .slice(1)
      .map(Number),
  );
  // 2 and 6 of 8 pixels: the mirror image of either is where the other was.
  expect(left).toEqual(Array(16).fill(2));
  expect(right).toEqual(Array(16).fill(6));
});

test('writes one sheet and the answer of REST, the same for the same step and seed', async () => {
  const sheet = path.join(folder, 'sheet.png');
  const at = ['--config', config, '--step', '4', '--seed', '9'];
  const preview = JSON.parse(await holdout(...at, '--json', '-o', sheet));
  expect(preview).toMatchObject({ datasetId: dataset.id, step: 4, seed: 9, augmented: true });
  expect(preview.items).toHaveLength(16);
  const png = Buffer.from(preview.items[0].image.replace('data:image/png;base64,', ''), 'base64');
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: SIDE, height: SIDE });
  const first = await readFile(sheet);
  expect((await sharp(first).metadata()).format).toBe('png');
  await holdout(...at, '-o', sheet);
  expect(await readFile(sheet)).toEqual(first);
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('asks once, also for both the sheet and the answer, and for no picture for a table', async () => {
  asked.length = 0;
  const sheet = ['-o', path.join(folder, 'sheet.png')];
  await holdout('--config', config, ...sheet);
  expect(JSON.parse(await holdout('--config', config, '--json', ...sheet))).not.toHaveProperty('sheet');
  expect(await holdout('--config', config)).toContain('face 15');
  const previews = asked.filter(({ pathname }) => pathname.endsWith('/augmentation-preview'));
  expect(previews.map(({ search }) => search)).toEqual([
    '?images=false&sheet=true',
    '?images=true&sheet=true',
    '?images=false&sheet=false',
  ]);
});

test('says where it can not write', async () => {
  const error = await holdout('--config', config, '-o', path.join(folder, 'none/sheet.png')).catch((e) => e);
  expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining("Can't write") });
});

const wrong: [string, object, string[], string][] = [
  [
    'an amount',
    { augmentation: { rotation: 900 } },
    [],
    'wrong.json, line 1: augmentation.rotation: must be at most 180',
  ],
  ['a name', { augmentatoin: {} }, [], 'has no "augmentatoin"'],
  ['a point', { augmentation: { keypointSwaps: [['nose', 'left_eye']] } }, [], 'There is no point "nose"'],
  ['a step', {}, ['--step', '0'], '/body/step: Steps count from 1.'],
  ['no number', {}, ['--seed', 'x'], '--seed x must be a whole number'],
];
for (const [what, content, args, words] of wrong) {
  test(`says what is wrong with ${what}, and writes nothing`, async () => {
    const file = path.join(folder, 'wrong.json');
    await writeFile(file, JSON.stringify(content));
    const error = await holdout('--config', file, '-o', path.join(folder, 'none.png'), ...args).catch((e) => e);
    const { message, items } = error as AppError;
    expect([message, ...items.map((item) => `${item.path}: ${item.message}`)].join('\n')).toContain(words);
    expect(await readdir(folder)).not.toContain('none.png');
  });
}
