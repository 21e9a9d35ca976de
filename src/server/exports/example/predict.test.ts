import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeModel } from '../formats.ts';
import { madeNetwork } from '../testing.ts';

/** What the scripts of the example say of input that they can't read. That they predict right is tested in src/exports.test.ts and bench/exports.ts. */

const folder = await mkdtemp(path.join(os.tmpdir(), 'holdout-predict-'));
const PYTHON = spawnSync('python3', ['--version']).status === 0;

/** Of Pillow: what it raises of a picture with too many pixels is no OSError, SyntaxError or ValueError. */
const PILLOW_IMAGE = `
from PIL import UnidentifiedImageError
class DecompressionBombError(Exception): pass
def open(file):
  if b'bomb' in file.read():
    raise DecompressionBombError("Image size exceeds limit, could be decompression bomb DOS attack.")
  raise UnidentifiedImageError("cannot identify image file")
`;

async function example(name: string): Promise<string> {
  const place = path.join(folder, name);
  const network = madeNetwork(name);
  await mkdir(path.join(place, 'node_modules'), { recursive: true });
  for (const script of ['predict.mjs', 'predict.py'])
    await cp(path.join(import.meta.dirname, script), path.join(place, script));
  await writeFile(path.join(place, 'schema.json'), JSON.stringify(network.schema));
  await writeFile(path.join(place, 'model.onnx'), await encodeModel('onnx', network));
  for (const module of ['onnxruntime-node', 'onnxruntime-common', 'sharp'])
    await symlink(path.resolve('node_modules', module), path.join(place, 'node_modules', module));
  // Input that can't be read never comes as far as the model: stand-ins for the packages are enough.
  await writeFile(path.join(place, 'numpy.py'), '');
  await writeFile(path.join(place, 'onnxruntime.py'), 'def InferenceSession(*_, **__): pass\n');
  await mkdir(path.join(place, 'PIL'));
  await writeFile(path.join(place, 'PIL/__init__.py'), 'class UnidentifiedImageError(OSError): pass\n');
  await writeFile(path.join(place, 'PIL/ImageOps.py'), 'def exif_transpose(image): return image\n');
  await writeFile(path.join(place, 'PIL/Image.py'), PILLOW_IMAGE);
  return place;
}

let images: string;
let bare: string;
let table: string;
beforeAll(async () => {
  images = await example('sequence');
  table = await example('table');
  bare = path.join(folder, 'bare');
  await cp(images, bare, { recursive: true, verbatimSymlinks: true });
  await rm(path.join(bare, 'node_modules/sharp'));
  await writeFile(
    path.join(bare, 'PIL/__init__.py'),
    'raise ModuleNotFoundError("No module named \'PIL\'", name="PIL")\n',
  );
  for (const place of [images, table]) await mkdir(path.join(place, 'folder'));
  for (const place of [images, bare]) await writeFile(path.join(place, 'words.png'), 'no picture');
  await writeFile(path.join(images, 'large.png'), 'a bomb');
  await writeFile(path.join(table, 'bytes.csv'), Uint8Array.of(0xff, 0xfe, 0x00, 0x80));
  await writeFile(path.join(table, 'short.csv'), 'age\n3\n');
  await writeFile(path.join(table, 'words.csv'), 'age,city\n3,Bern\nold,Oslo\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(command: string, cwd: string, args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) =>
    execFile(command, args, { cwd }, (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err })),
  );
}

describe.each([
  ['predict.mjs', process.execPath, true],
  ['predict.py', 'python3', PYTHON],
] as const)('%s', (script, command, there) => {
  test.skipIf(!there).each([
    ['images', 'none.png', "Can't read none.png: there is no such file."],
    ['images', 'folder', "Can't read folder: it is a folder."],
    ['images', 'words.png', "Can't read words.png: it is no image, or one that is broken."],
    ['table', 'none.csv', "Can't read none.csv: there is no such file."],
    ['table', 'folder', "Can't read folder: it is a folder."],
    ['table', 'bytes.csv', "Can't read bytes.csv: it is not text in UTF-8."],
    ['table', 'short.csv', 'short.csv:2 lacks the column "city".'],
  ])('of %s says what is wrong with %s in one sentence', async (of, file, sentence) => {
    const { code, out, err } = await run(command, of === 'images' ? images : table, [script, file]);
    expect({ code, out, err: err.trim() }).toEqual({ code: 1, out: '', err: sentence });
  });

  test.skipIf(!there)('without a file says how it is called', async () => {
    expect(await run(command, table, [script])).toMatchObject({
      code: 64,
      err: expect.stringMatching(/^Usage: \w+ predict\.\w+ FILE \.\.\.$/m),
    });
  });
});

test.skipIf(!PYTHON)('a picture with more pixels than Pillow reads is named', async () => {
  expect(await run('python3', images, ['predict.py', 'large.png'])).toEqual({
    code: 1,
    out: '',
    err: "Can't read large.png: it has more pixels than Pillow reads.\n",
  });
});

test('a missing package is not told as a picture that can’t be read', async () => {
  expect(await run(process.execPath, bare, ['predict.mjs', 'words.png'])).toEqual({
    code: 1,
    out: '',
    err: 'Reading images takes the package sharp, which is missing. Get it with: npm install\n',
  });
});

test.skipIf(!PYTHON)('nor is one of Python', async () => {
  expect(await run('python3', bare, ['predict.py', 'words.png'])).toEqual({
    code: 1,
    out: '',
    err: 'Reading images takes the package Pillow, which is missing. Get it with: pip install -r requirements.txt\n',
  });
});

test('a cell that is no number is named with its row', async () => {
  const { code, err } = await run(process.execPath, table, ['predict.mjs', 'words.csv']);
  expect({ code, err }).toEqual({ code: 1, err: 'words.csv:3: age is "old", not a number.\n' });
});
