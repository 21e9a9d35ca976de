import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { AppError } from '#core/errors.ts';
import { buildProgram } from '../program.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'holdout-model-'));
afterAll(() => rm(folder, { recursive: true }));
const file = path.join(folder, 'model.json');
await writeFile(file, JSON.stringify({ model: { layers: [{ type: 'dense', units: 3 }] }, batchSize: 8 }));
const partOnly = path.join(folder, 'part.json');
await writeFile(partOnly, JSON.stringify({ epochs: 60, l2: 0.0001 }));

const cases: [string[], string, string][] = [
  [['--config', file, '--input', '4', '--output', '2'], 'invalid_data', 'the task wants the 2 targets'],
  [['--config', file, '--input', '8x8x1'], 'invalid_data', '/model/layers/0'],
  [['--config', file], 'bad_request', '--input 28x28x1'],
  [
    ['--config', partOnly, '--input', '4', '--output', '3'],
    'bad_request',
    'has no model: add "model", or say --preset mlp',
  ],
  [['--config', partOnly, '--input', '28x28x1'], 'bad_request', 'or say --preset small_cnn and --output'],
  [['--config', file, '--input', '8x8x2'], 'bad_request', '1, 3 or 4 channels'],
  [['--config', file, '--input', '4', '--batch', '0'], 'bad_request', '--batch 0'],
  [['--config', file, '--input', '4', '--columns', 'size'], 'bad_request', 'no column "size"'],
  [['--preset', 'keypoints', '--input', '4', '--output', '30'], 'bad_request', 'These do: linear, mlp'],
  [['--preset', 'vgg', '--input', '4', '--output', '30'], 'bad_request', 'no preset "vgg"'],
  [['--preset', 'mlp', '--input', '4', '--output', '3', '--width', '0'], 'bad_request', '--width 0 must be'],
  [['--preset', 'mlp', '--input', '4'], 'bad_request', '--output 10'],
  [['--input', '4'], 'bad_request', '--config run.json'],
  [['--run', '1', '--input', '4'], 'bad_request', 'leave --input out'],
];

for (const [args, code, words] of cases) {
  test(`model summary says what is wrong: ${words}`, async () => {
    const command = ['node', 'holdout', 'model', 'summary', ...args];
    const error: unknown = await buildProgram()
      .parseAsync(command)
      .catch((e) => e);
    expect(error).toMatchObject({ code });
    const { message, items } = error as AppError;
    expect([message, ...items.map(({ path }) => path)].join('\n')).toContain(words);
  });
}

test('model summary takes the model from a preset and the rest from a configuration that has none', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const args = ['--config', partOnly, '--preset', 'mlp', '--input', '4', '--output', '3'];
    await buildProgram().parseAsync(['node', 'holdout', 'model', 'summary', ...args]);
    expect(String(write.mock.calls[0]![0])).toContain('[64, 3]');
  } finally {
    write.mockRestore();
  }
});

test('model summary prints a preset in any size as a tree', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const size = ['--width', '0.5', '--depth', '2'];
    const data = ['--input', '28x28x1', '--output', '10', '--columns', 'output_size'];
    await buildProgram().parseAsync(['node', 'holdout', 'model', 'summary', '--preset', 'resnet8', ...size, ...data]);
    const lines = String(write.mock.calls[0]![0]).split('\n');
    expect(lines.filter((line) => line.includes('Residual'))).toHaveLength(6);
    expect(lines).toContain(`${'│    └─Sequential: 2-18'.padEnd(40)} [64, 16, 14, 14]`);
    expect(lines).toContain(`${'│    │    └─Conv2d: 3-1'.padEnd(40)} [64, 16, 14, 14]`);
  } finally {
    write.mockRestore();
  }
});
