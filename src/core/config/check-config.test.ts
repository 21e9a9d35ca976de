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
  const startFrom = {
    source: { run: '00000000-0000-4000-8000-000000000000' },
    freezeUpTo: 'flatten_1',
    secondStage: { epoch: 2, learningRate: 1e-5 },
  };
  const cosine = (finalRate: number) => ({ kind: 'cosine' as const, finalRate, warmupEpochs: 0 });
  expect(problems({ startFrom, schedule: cosine(1e-4) })).toEqual(['/schedule/finalRate']);
  expect(problems({ startFrom, schedule: cosine(1e-6) })).toEqual([]);
  expect(problems({ epochs: 1_000, histogramsEvery: 1 })).toEqual(['/histogramsEvery']);
  expect(problems({ epochs: 1_000, histogramsEvery: 2 })).toEqual([]);
  expect(problems({ epochs: 1_000, histogramsEvery: 0 })).toEqual([]);
  expect(problems({ schedule: { kind: 'cosine', finalRate: 0.01, warmupEpochs: 11 } })).toEqual([
    '/schedule/finalRate',
    '/schedule/warmupEpochs',
  ]);
});

test('loss, classes, optimiser and schedule that can’t go together are named', () => {
  expect(problems({ loss: { kind: 'mse' } })).toEqual(['/loss/kind']);
  expect(problems({ loss: { kind: 'binary_cross_entropy' } })).toEqual([]);
  expect(problems({ classWeights: [1, 2, 3] })).toEqual(['/classWeights']);
  expect(problems({ classWeights: [0, 0] })).toEqual(['/classWeights']);
  expect(problems({ classWeights: [1, 2], sampling: 'balanced' })).toEqual([]);
  expect(problems({ optimizer: { kind: 'sgd', momentum: 0, nesterov: true } })).toEqual(['/optimizer/nesterov']);
  const plateau = { kind: 'plateau', direction: 'min' } as const;
  expect(problems({ schedule: plateau })).toEqual([]);
  expect(problems({ schedule: { ...plateau, metric: 'accuracy' } })).toEqual(['/schedule/direction']);
  expect(problems({ schedule: { ...plateau, metric: 'rmse', finalRate: 0.1 } })).toEqual([
    '/schedule/finalRate',
    '/schedule/metric',
  ]);
});

test('targets that are numbers have no classes', () => {
  const house: DatasetSchema = {
    kind: 'tabular-regression',
    columns: [],
    features: 3,
    targets: [{ name: 'price', offset: 0, scale: 1 }],
  };
  const config = runConfigSchema.parse({
    ...base,
    model: { layers: [{ type: 'dense', units: 1 }] },
    loss: { kind: 'cross_entropy' },
    classWeights: 'balanced',
    sampling: 'balanced',
  });
  const check = () => checkConfig(config, house, 1_000, { bytes: 1e9, where: 'cpu:0' });
  expect(check).toThrow('This data set has numbers to learn. Choose one of mse, mae, huber.');
  try {
    check();
  } catch (error) {
    expect((error as AppError).items.map((item) => item.path)).toEqual(['/loss/kind', '/classWeights', '/sampling']);
  }
});

test('memory counts the average of the weights and the accumulated gradients', () => {
  const model = { layers: [{ type: 'flatten' }, { type: 'dense', units: 64 }, { type: 'dense', units: 2 }] } as const;
  const change = { model: { layers: [...model.layers] }, batchSize: 8 } satisfies Partial<RunConfigInput>;
  const least = [0, 1, 2].map((extra) => {
    let need = 0;
    const more = [{}, { ema: {} }, { ema: {}, accumulate: 2 }][extra]!;
    while (problems({ ...change, ...more }, need).length > 0) need += 1_000;
    return need;
  });
  expect(least[1]!).toBeGreaterThan(least[0]! + 10_000);
  expect(least[2]!).toBeGreaterThan(least[1]! + 10_000);
});

test('devices and precision are those of the trainers that are up', () => {
  const paths = (change: Partial<RunConfigInput>, can: { devices?: number; bf16?: boolean }) => {
    try {
      const budget = { bytes: 1e9, where: 'cpu:0', ...can };
      checkConfig(runConfigSchema.parse({ ...base, ...change }), digits, 1_000, budget);
      return [];
    } catch (error) {
      return (error as AppError).items.map((item) => item.path);
    }
  };
  expect(paths({ replicas: 2 }, { devices: 1 })).toEqual(['/replicas']);
  // None is up: the run waits for one that can.
  expect(paths({ replicas: 2, precision: 'bf16' }, {})).toEqual([]);
  expect(paths({ replicas: 2 }, { devices: 2 })).toEqual([]);
  expect(paths({ replicas: 4, batchSize: 2 }, { devices: 8 })).toEqual(['/replicas']);
  expect(paths({ precision: 'bf16' }, { bf16: false })).toEqual(['/precision']);
  expect(paths({ precision: 'bf16' }, { bf16: true })).toEqual([]);
});
