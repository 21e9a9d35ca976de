import { expect, test } from 'vitest';
import type { DatasetSchema } from '../data/dataset-schema.ts';
import type { AppError } from '../errors.ts';
import { checkConfig } from './check-config.ts';
import { type RunConfigInput, runConfigSchema } from './run-config.ts';

const digits: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 8, width: 8, channels: 1 },
  classes: ['0', '1'],
};
const base: RunConfigInput = {
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 2 }] },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 64,
  epochs: 10,
};

function problems(change: Partial<RunConfigInput>, bytes = 1e9): string[] {
  try {
    checkConfig(runConfigSchema.parse({ ...base, ...change }), digits, 1_000, { bytes, where: 'cpu:0' });
    return [];
  } catch (error) {
    return (error as AppError).items.map((item) => item.path);
  }
}

test('passes what fits and names what does not', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 3 }] } })).toEqual([
    '/model/layers/1',
  ]);
  expect(problems({}, 1_000)).toHaveLength(1);
  expect(problems({ earlyStopping: { metric: 'rmse', direction: 'min', patience: 1 } })).toEqual([
    '/earlyStopping/metric',
  ]);
  expect(problems({ earlyStopping: { metric: 'accuracy', direction: 'min', patience: 1 } })).toEqual([
    '/earlyStopping/direction',
  ]);
  expect(problems({ earlyStopping: { metric: 'loss', direction: 'min', patience: 1 } })).toEqual([]);
  expect(problems({ schedule: { kind: 'cosine', finalRate: 0.01, warmupEpochs: 11 } })).toEqual([
    '/schedule/finalRate',
    '/schedule/warmupEpochs',
  ]);
});
