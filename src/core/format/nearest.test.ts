import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const KEYS = ['epochs', 'batchSize', 'learningRate', 'l2', 'seed', 'schedule'];

test.each([
  ['epoch', 'epochs'],
  ['ephocs', 'epochs'],
  ['batch_size', 'batchSize'],
  ['LearningRate', 'learningRate'],
  ['lerningRat', 'learningRate'],
  ['L2', 'l2'],
  ['l3', null],
  ['sed', 'seed'],
  ['sede', 'seed'],
  ['patience', null],
  ['lr', null],
  ['', null],
])('%j is meant to be %j', (word, meant) => {
  expect(nearest(word, KEYS)).toBe(meant);
});
