import { expect, test } from 'vitest';
import { divergedWords } from './diverged.ts';

const trained = (...values: number[]) =>
  values.map((value, seed) => ({ seed, kept: { 'accuracy/validation': value, 'rmse/validation': value }, end: {} }));
const was = (diverged: number, ...values: number[]) => ({ name: 'As it was', trained: trained(...values), diverged });
const now = (diverged: number, ...values: number[]) => ({
  name: 'With learning rate 0.03',
  trained: trained(...values),
  diverged,
});

test('what became not a number is told beside what trained', () => {
  expect(divergedWords('accuracy', [was(3), now(0, 0.931, 0.937, 0.944)])).toBe(
    'As it was: 3 of 3 became not a number. With learning rate 0.03: 3 of 3 trained, accuracy 0.937 (0.931 to 0.944).',
  );
  expect(divergedWords('rmse', [was(1, 0.5, 0.7), now(0, 0.4)])).toMatch(
    /^As it was: 1 of 3 became not a number, 2 of 3 trained, RMSE 0\.6\d* \(.*\)\. With .*: 1 of 1 trained, RMSE 0\.4\d*\.$/,
  );
  expect(divergedWords('accuracy', [was(3), now(3)])).toMatch(/With learning rate 0.03: 3 of 3 became not a number\.$/);
});
test('a side that trains still is not counted; where all train there is nothing to tell', () => {
  expect(divergedWords('accuracy', [was(2), now(0)])).toMatch(/With learning rate 0.03: none has ended yet\.$/);
  expect(divergedWords('accuracy', [was(0, 0.9), now(0, 0.9)])).toBeNull();
});
