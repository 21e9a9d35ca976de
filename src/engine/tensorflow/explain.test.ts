import { expect, test } from 'vitest';
import { convSpec } from '../testing.ts';
import { explain } from './explain.ts';
import { TensorFlowError } from './ffi.ts';

test.each([
  ['train64/conv1/Conv2D', 'conv1'],
  ['train64/conv1/gradient/Conv2DBackpropFilter', 'conv1'],
  ['train64/conv1/kernel/update', 'conv1'],
  ['train64/separable1/depthwise_kernel/update', 'separable1'],
  ['train64/block1/conv1/Conv2D', 'block1/conv1'],
  ['train64/block1/shortcut_norm/gradient/FusedBatchNormGradV3', 'block1/shortcut_norm'],
  ['train64/block1/conv1/kernel/update', 'block1/conv1'],
  ['train64/block1/AddV2', 'block1'],
])('an error at %s names layer %s', (node, layer) => {
  const error = new TensorFlowError(8, `OOM when allocating tensor [[{{node ${node}}}]]`);
  expect(explain(error, 64)).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`Out of memory in layer "${layer}" at batch size 64`),
  });
});

test('memory that runs out in an operation outside of a graph is told by its layer, too', () => {
  const oom = new TensorFlowError(8, 'OOM when allocating tensor with shape[12,8,8,4] and type float on CPU');
  const scoped = new Error('Layer "conv1": OOM', { cause: oom });
  expect(explain(scoped, 12)).toMatchObject({ message: expect.stringContaining('Out of memory in layer "conv1"') });
  // A gradient: the layer that gives arrays of this size.
  expect(explain(oom, 12, convSpec())).toMatchObject({
    message: expect.stringContaining(
      'Out of memory in layer "conv1" at batch size 12, for an array of 12 x 8 x 8 x 4.',
    ),
  });
});
