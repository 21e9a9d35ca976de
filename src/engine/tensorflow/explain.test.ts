import { expect, test } from 'vitest';
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
