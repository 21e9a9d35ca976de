import { expect, test } from 'vitest';
import { type InputSpec, modelSchema, type TaskSpec } from '../model/spec.ts';
import { remedyById } from '../remedies/index.ts';
import { adviceOn } from './advice.ts';
import { defaultConfig } from './presets.ts';
import type { RunConfig } from './run-config.ts';

const input: InputSpec = { kind: 'image', height: 28, width: 28, channels: 1 };
const task: TaskSpec = { kind: 'classification', classes: 10 };
const plain = defaultConfig(input, task, 3_500);
const titles = (config: RunConfig) => adviceOn(config, input, task, 3_500, 'image').map((one) => one.title);

test('batch norm asks for eight items a batch at least', () => {
  const normed = remedyById('batch_norm')!.apply(plain, { input, task, trainItems: 3_500 })!;
  expect(titles({ ...normed, batchSize: 7 })).toContain('Batch norm needs a larger batch.');
  expect(titles({ ...normed, batchSize: 8 })).not.toContain('Batch norm needs a larger batch.');
  expect(titles({ ...plain, batchSize: 7 })).not.toContain('Batch norm needs a larger batch.');
});

test('an average in place of flatten is offered behind convolutions alone, and never for key points', () => {
  const pool = (layers: object[], of: TaskSpec = task) => {
    const config = { ...plain, model: modelSchema.parse({ layers }) };
    return adviceOn(config, input, of, 3_500, 'image').some((one) => one.text.includes('average pool'));
  };
  const head = [{ type: 'flatten' }, { type: 'dense', units: 512 }, { type: 'dense', units: 10 }];
  const conv = { type: 'conv2d', filters: 8, kernelSize: 3 };
  expect(pool([conv, ...head])).toBe(true);
  expect(pool([{ type: 'residual', layers: [{ ...conv, filters: 1, padding: 'same' }] }, ...head])).toBe(true);
  expect(pool(head)).toBe(false);
  expect(pool([{ type: 'max_pool2d' }, ...head])).toBe(false);
  const points: TaskSpec = { kind: 'regression', targets: 10, offset: [], scale: [], unit: 'pixels' };
  expect(pool([conv, ...head], points)).toBe(false);
});

test('early stopping whose patience is the run says that it can’t act', () => {
  const stopped = remedyById('early_stopping')!.apply(plain, { input, task, trainItems: 3_500 })!;
  expect(titles(stopped)).not.toContain('Early stopping can’t act.');
  expect(titles({ ...stopped, epochs: 7 })).not.toContain('Early stopping can’t act.');
  expect(titles({ ...stopped, epochs: 6 })).toContain('Early stopping can’t act.');
});
