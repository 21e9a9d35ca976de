import { expect, test } from 'vitest';
import { defaultConfig } from '../../config/presets.ts';
import { type RunConfigInput, runConfigSchema } from '../../config/run-config.ts';
import { type DatasetSchema, inputOf, taskOf } from '../../data/dataset-schema.ts';
import { diagnosisFacts } from './facts.ts';
import { diagnose, diagnosisWords } from './index.ts';

const images: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 8, width: 8, channels: 1 },
  classes: ['a', 'b', 'c', 'd'],
};
const table: DatasetSchema = {
  kind: 'tabular-regression',
  columns: [{ name: 'x', type: 'numeric', mean: 0, std: 1, missing: false }],
  features: 1,
  targets: [{ name: 'y', offset: 3, scale: 2 }],
};
const factsOf = (schema: DatasetSchema, change: Partial<RunConfigInput>) =>
  diagnosisFacts({
    config: runConfigSchema.parse({ ...defaultConfig(inputOf(schema), taskOf(schema), 1000), ...change }),
    stopReason: null,
    schema,
    trainItems: 1000,
    validationItems: 1000,
  });

test.each<[string, DatasetSchema, RunConfigInput['loss'], number | null]>([
  ['cross-entropy', images, null, Math.log(4)],
  ['smoothed cross-entropy', images, { kind: 'cross_entropy', labelSmoothing: 0.2 }, Math.log(4)],
  // A quarter answered for each of four classes: -(ln 0.25 + 3 ln 0.75) / 4.
  ['binary cross-entropy', images, { kind: 'binary_cross_entropy' }, 0.5623],
  ['mean squared error', table, null, 1],
  ['mean absolute error', table, { kind: 'mae' }, 0.7979],
  ['Huber', table, { kind: 'huber' }, null],
])('what guessing reaches: %s', (_, schema, loss, expected) => {
  const { guess } = factsOf(schema, { loss });
  if (expected === null) expect(guess).toBeNull();
  else expect(guess).toBeCloseTo(expected, 4);
});

test.each<[Partial<RunConfigInput>, string]>([
  [{ sampling: 'balanced' }, 'on as many items of every class'],
  [{ ema: { decay: 0.99 } }, 'with the weights of each step'],
  [
    {
      model: {
        layers: [{ type: 'flatten' }, { type: 'gaussian_noise', stddev: 0.5 }, { type: 'dense', units: 4 }],
      },
    },
    'with Gaussian noise',
  ],
])('validation that is easier for a reason is no leak: %o', (change, words) => {
  const falling = Array.from({ length: 20 }, (_, i) => 0.4 + Math.exp(-i / 4));
  const curves = { lossTrain: falling, lossValidation: falling.map((loss) => 0.7 * loss) };
  const plain = factsOf(images, {});
  expect(diagnose(curves, plain).kind).toBe('leak_or_noise');
  const facts = factsOf(images, change);
  const told = diagnose(curves, facts);
  expect(told.kind).toBe('validation_easier');
  expect(diagnosisWords(told, facts, 'image').sentences).toContain(words);
});

test.each<[Partial<RunConfigInput>, string[]]>([
  [{ learningRate: 0.1 }, ['rate_tenth']],
  [{ learningRate: 1 }, ['usual_rate']],
  [{ learningRate: 0.3, optimizer: { kind: 'sgd', momentum: 0.95 } }, ['rate_tenth']],
  [{ learningRate: 0.05, optimizer: { kind: 'sgd', momentum: 0.99 } }, ['rate_tenth', 'lower_momentum']],
  [{ learningRate: 10, optimizer: { kind: 'sgd', momentum: 0.99 } }, ['usual_rate']],
  [{ learningRate: 10, optimizer: { kind: 'sgd', momentum: 0.9 } }, ['usual_rate']],
])('of steps that are too large the first advice is one that can be enough: %o', (change, changes) => {
  const facts = { ...factsOf(images, change), notANumber: true };
  const { remedies } = diagnosisWords(diagnose({ lossTrain: [], lossValidation: [] }, facts), facts, 'image');
  expect(remedies.map((remedy) => remedy.change)).toEqual([...changes, 'warm_up']);
});
