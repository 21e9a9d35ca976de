import { expect, test } from 'vitest';
import { defaultConfig } from '../config/presets.ts';
import { knownBest } from './known-best.ts';

const config = defaultConfig({ kind: 'vector', features: 4 }, { kind: 'classification', classes: 3 }, 100);
const run = {
  state: 'running' as const,
  config: { ...config, earlyStopping: null },
  epoch: 6,
  lastMetrics: { 'accuracy/validation': 0.919, 'loss/validation': 0.5, 'loss/train': 0.1 },
  bestEpoch: 2,
  bestValue: 0.876,
  bestMetrics: { 'accuracy/validation': 0.876, 'loss/validation': 0.4, 'accuracy/train': 0.9 },
};
const stored = { bestEpoch: 2, bestValue: 0.876, bestMetrics: run.bestMetrics };
const last = {
  bestEpoch: 6,
  bestValue: 0.919,
  bestMetrics: { 'accuracy/validation': 0.919, 'loss/validation': 0.5 },
};

test('the last epoch is the best while it trains and its checkpoint is still to come', () => {
  expect(knownBest(run)).toEqual(last);
  expect(knownBest({ ...run, bestEpoch: null, bestValue: null, bestMetrics: {} })).toEqual(last);
});

test('what is stored stays where the last is no better, is no number, or the run has ended with the weights it kept', () => {
  const ends = (accuracy: number | null) => ({ ...run.lastMetrics, 'accuracy/validation': accuracy });
  expect(knownBest({ ...run, lastMetrics: ends(0.876) })).toEqual(stored);
  expect(knownBest({ ...run, lastMetrics: ends(null) })).toEqual(stored);
  expect(knownBest({ ...run, lastMetrics: {} })).toEqual(stored);
  expect(knownBest({ ...run, state: 'stopped' })).toEqual(stored);
});

test('early stopping on the loss keeps the epoch of the smallest loss, and errors are better where they are smaller', () => {
  const earlyStopping = {
    metric: 'loss' as const,
    direction: 'min' as const,
    patience: 3,
    minDelta: 0,
    warmupEpochs: 0,
  };
  expect(knownBest({ ...run, config: { ...config, earlyStopping } })).toEqual(stored);
  const rmse = (value: number) => ({ 'rmse/validation': value });
  const error = { ...run, lastMetrics: rmse(2), bestValue: 3, bestMetrics: rmse(3) };
  expect(knownBest(error)).toMatchObject({ bestEpoch: 6, bestValue: 2 });
  expect(knownBest({ ...error, lastMetrics: rmse(4) })).toMatchObject({ bestEpoch: 2, bestValue: 3 });
});
