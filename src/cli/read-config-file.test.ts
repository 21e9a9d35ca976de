import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfigFile } from './read-config-file.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-config-'));
afterAll(() => rm(folder, { recursive: true }));
const file = path.join(folder, 'run.json');
const read = async (text: string, options?: { whole: boolean }) => {
  await writeFile(file, text);
  return readConfigFile(file, options).catch((error) => error);
};

test.each([
  ['{"epoch": 60}', `${file}, line 1: has no "epoch"; did you mean "epochs"?`],
  ['{\n  "epochs": 60,\n  "batchSize": 0\n}', `${file}, line 3: batchSize: must be at least 1`],
  ['{\n  "epochs": 60,\n}', `${file} is not JSON: line 2, column 15: `],
  ['[]', `${file} must hold one JSON object`],
])('%j', async (text, words) => {
  expect(await read(text)).toMatchObject({ code: 'bad_request', message: expect.stringContaining(words) });
});

test('each of several mistakes has its line', async () => {
  expect(await read('{"epoch": 60,\n"zeed": 1}')).toMatchObject({
    message: `${file} is wrong in 2 places:`,
    items: [
      { path: `${file}, line 1`, message: 'has no "epoch"; did you mean "epochs"?' },
      { path: `${file}, line 2`, message: 'has no "zeed"; did you mean "seed"?' },
    ],
  });
});

test('what a preset brings may be left out, else it lacks', async () => {
  expect(await read('{"epochs": 60}')).toMatchObject({ written: { epochs: 60 }, config: { epochs: 60 } });
  const lacks = await read('{"epochs": 60}', { whole: true });
  expect(lacks.items.map((item: { message: string }) => item.message)).toContain(
    'model: is missing; give an object, or say --preset',
  );
});
