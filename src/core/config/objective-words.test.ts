import { expect, test } from 'vitest';
import { lossWords, optimizerWords, scheduleWords, updateWords } from './objective-words.ts';
import { type RunConfigInput, runConfigSchema, scheduleSchema } from './run-config.ts';

const config = (change: Partial<RunConfigInput> = {}) =>
  runConfigSchema.parse({
    model: { layers: [{ type: 'dense', units: 2 }] },
    optimizer: { kind: 'adam' },
    learningRate: 0.001,
    batchSize: 10,
    epochs: 10,
    ...change,
  } satisfies RunConfigInput);

test('the loss, with what classes count in it', () => {
  const of = (change: Partial<RunConfigInput>, kind: 'classification' | 'regression' = 'classification') =>
    lossWords(config(change), { kind });
  expect(of({})).toBe('Cross-entropy');
  expect(of({}, 'regression')).toBe('Mean squared error');
  expect(of({ loss: { kind: 'huber', delta: 0.5 } }, 'regression')).toBe('Huber, straight from 0.5');
  expect(
    of({ loss: { kind: 'cross_entropy', labelSmoothing: 0.1 }, classWeights: 'balanced', sampling: 'balanced' }),
  ).toBe('Cross-entropy, smoothed 0.1, balanced class weights, balanced sampling');
});

test('the update says what is not as usual', () => {
  expect(updateWords(config())).toEqual([]);
  expect(updateWords(config({ optimizer: { kind: 'adamw', weightDecay: 0.2 } }))).toEqual([]);
  expect(updateWords(config({ optimizer: { kind: 'sgd', nesterov: true } }))).toEqual(['Nesterov']);
  expect(
    updateWords(
      config({
        optimizer: { kind: 'adam', beta1: 0.5 },
        gradientClipping: { kind: 'norm', limit: 1 },
        accumulate: 4,
        ema: { decay: 0.99 },
      }),
    ),
  ).toEqual(['own constants', 'clipped at norm 1', '4 batches', 'averaged 0.99']);
});

test('the optimiser has its momentum beside it, where it has one', () => {
  const words = (optimizer: RunConfigInput['optimizer']) => optimizerWords(config({ optimizer }).optimizer);
  expect(words({ kind: 'adam' })).toBe('Adam');
  expect(words({ kind: 'rmsprop' })).toBe('RMSprop');
  expect(words({ kind: 'sgd', momentum: 0.95 })).toBe('SGD, momentum 0.95');
});

test('the schedule follows the rate', () => {
  const words = (schedule: object) => scheduleWords(scheduleSchema.parse(schedule));
  expect(words({ kind: 'constant' })).toBe('');
  expect(words({ kind: 'constant', warmupEpochs: 2 })).toBe(', 2 epochs warm-up');
  expect(words({ kind: 'exponential', factor: 0.9 })).toBe(', × 0.9 each epoch');
  expect(words({ kind: 'plateau', direction: 'min' })).toBe(', × 0.1 after 6 epochs without better loss');
  expect(words({ kind: 'one_cycle' })).toBe(', one cycle');
});
