import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { endingOfError, notANumber } from './stop-reasons.ts';

test.each([
  ['OP_REQUIRES failed: RESOURCE_EXHAUSTED: OOM when allocating tensor with shape[64,512]', 'out_of_memory'],
  ['Array buffer allocation failed', 'out_of_memory'],
  ['INVALID_ARGUMENT: Incompatible shapes: [1] vs. [2]', 'engine_error'],
])('%s', (text, reason) => {
  expect(endingOfError(new Error(text)).reason).toBe(reason);
});

test('data that is damaged is told apart from an engine that fails', () => {
  expect(endingOfError(new AppError('invalid_data', 'train.safetensors was cut short.'))).toEqual({
    reason: 'bad_data',
    message: 'train.safetensors was cut short.',
  });
});

test('a value that is not finite is named with its step', () => {
  expect(notANumber('loss/train', Number.NaN, 7).message).toContain('loss/train became not a number at step 7');
  expect(notANumber('loss/train', Number.POSITIVE_INFINITY, 7).message).toContain('infinite');
  expect(notANumber('loss/train', Number.NEGATIVE_INFINITY, 7).message).toContain('-infinity');
});
