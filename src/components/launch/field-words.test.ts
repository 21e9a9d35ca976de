import { expect, test } from 'vitest';
import { fieldWords } from './field-words.ts';

test.each([
  ['/learningRate', 'learningRate: must be at most 10', 'Learning rate must be at most 10'],
  ['/batchSize', 'batchSize: must be at least 1', 'Batch must be at least 1'],
  ['/optimizer/beta1', 'beta1: must be below 1', 'Beta 1 must be below 1'],
  ['/schedule/warmupEpochs', 'warmupEpochs: must be at least 0', 'Warm-up, epochs, must be at least 0'],
  ['/augmentation/cropPadding', 'cropPadding: must be at most 64', 'Crop must be at most 64'],
  // what no field holds keeps its name in the JSON
  ['/model/layers/0/units', 'units: must be at least 1', 'units: must be at least 1'],
  ['/schedule', 'A schedule of 5 epochs: too long', 'A schedule of 5 epochs: too long'],
])('%s', (path, message, words) => {
  expect(fieldWords({ path, message })).toBe(words);
});
