import { expect, test } from 'vitest';
import { breakWords } from './break-words.ts';

test('names the layer, the step and the first items', () => {
  expect(breakWords({ what: 'output', layer: 'dense_2' }, 1200, ['line 4', 'line 9'])).toBe(
    'First to break, in step 1,200: the output of layer "dense_2". Its batch held line 4 and line 9.',
  );
  const many = Array.from({ length: 32 }, (_, i) => `line ${i + 1}`);
  expect(breakWords({ what: 'weights', layer: 'conv1' }, 7, many)).toBe(
    'First to break: the weights of layer "conv1", by the update of step 7. Its batch held line 1, line 2, line 3, line 4, line 5 and 27 more, named in the log.',
  );
  expect(breakWords({ what: 'loss', layer: null }, 7, ['a.png'])).toContain('the loss itself, of finite answers');
});
