import { describe, expect, test } from 'vitest';
import { initialWeight } from './initial-weights.ts';
import { layerNames } from './names.ts';
import { planModel, plannedWeights } from './plan.ts';
import { modelSchema } from './spec.ts';

const model = (layers: unknown[]) => modelSchema.parse({ layers });
const image = { kind: 'image', height: 96, width: 96, channels: 1 } as const;
const block = (filters: number, kernelSize: number) => [
  { type: 'conv2d', filters, kernelSize, activation: 'elu' },
  { type: 'max_pool2d' },
];
const keypoints = model([
  ...block(32, 4),
  ...block(64, 3),
  ...block(128, 2),
  ...block(256, 1),
  { type: 'flatten' },
  { type: 'dense', units: 512 },
  { type: 'dense', units: 512 },
  { type: 'dense', units: 30 },
]);

describe('planModel', () => {
  test('shapes and parameters are those that torchinfo prints for the keypoint network', () => {
    const plan = planModel(keypoints, image);
    expect(plan.map((l) => l.output.join('x'))).toEqual([
      '93x93x32',
      '46x46x32',
      '44x44x64',
      '22x22x64',
      '21x21x128',
      '10x10x128',
      '10x10x256',
      '5x5x256',
      '6400',
      '512',
      '512',
      '30',
    ]);
    const parameters = plan.map((l) => l.weights.reduce((sum, w) => sum + w.shape.reduce((a, b) => a * b, 1), 0));
    expect(parameters.filter(Boolean)).toEqual([544, 18496, 32896, 33024, 3277312, 262656, 15390]);
  });

  test('strides and padding follow TensorFlow', () => {
    const plan = planModel(
      model([
        { type: 'conv2d', filters: 2, kernelSize: [3, 5], strides: 2, padding: 'same' },
        { type: 'max_pool2d', poolSize: 3, strides: 2 },
      ]),
      { kind: 'image', height: 9, width: 11, channels: 3 },
    );
    expect(plan.map((l) => l.output)).toEqual([
      [5, 6, 2],
      [2, 2, 2],
    ]);
  });

  test.each([
    [
      [{ type: 'dense', units: 2 }],
      /"dense_1" needs a vector but gets an image \[96, 96, 1\]. Put flatten/,
      '/model/layers/0',
    ],
    [
      [{ type: 'flatten' }, { type: 'conv2d', filters: 2, kernelSize: 3 }],
      /"conv2d_1" needs an image .* gets 9216 numbers/,
      '/model/layers/1',
    ],
    [
      [{ type: 'conv2d', filters: 2, kernelSize: 97 }],
      /window of 97 x 97 but its input is only 96 x 96/,
      '/model/layers/0',
    ],
    [
      [{ type: 'flatten' }, { type: 'dense', units: 3 }],
      /gives \[3\] but the task wants one number for each of the 10 classes/,
      '/model/layers/1',
    ],
  ])('refuses what cannot fit, by the layer: %j', (layers, message, path) => {
    const attempt = () => planModel(model(layers), image, { kind: 'classification', classes: 10 });
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'invalid_data', items: [expect.objectContaining({ path })] }),
    );
  });
});

describe('names', () => {
  test('unnamed layers count by type and step around names in use', () => {
    expect(
      layerNames(
        model([
          { type: 'dense', units: 1 },
          { type: 'dense', units: 1, name: 'dense_2' },
          { type: 'flatten' },
          { type: 'dense', units: 1 },
        ]),
      ),
    ).toEqual(['dense_1', 'dense_2', 'flatten_1', 'dense_3']);
  });
  test('two layers of one name are refused', () => {
    expect(() =>
      layerNames(
        model([
          { type: 'flatten', name: 'a' },
          { type: 'dense', units: 1, name: 'a' },
        ]),
      ),
    ).toThrow(/Layers 1 and 2 are both named "a"/);
  });
});

describe('initial weights', () => {
  const kernel = plannedWeights(planModel(keypoints, image)).find((w) => w.name === 'dense_2/kernel')!;
  test('are Glorot uniform: mean 0, variance 2 / (fanIn + fanOut), within the limit', () => {
    const w = initialWeight(kernel, 7);
    const mean = w.reduce((a, b) => a + b, 0) / w.length;
    const variance = w.reduce((a, b) => a + b * b, 0) / w.length;
    expect(Math.abs(mean)).toBeLessThan(5e-4);
    expect(variance / (2 / 1024)).toBeCloseTo(1, 2);
    expect(w.every((v) => Math.abs(v) <= Math.sqrt(6 / 1024))).toBe(true);
  });
  test('depend on seed and name alone', () => {
    expect(initialWeight(kernel, 7)).toEqual(initialWeight({ ...kernel }, 7));
    expect(initialWeight(kernel, 7)).not.toEqual(initialWeight(kernel, 8));
    expect(initialWeight({ ...kernel, name: 'dense_1/kernel' }, 7)).not.toEqual(initialWeight(kernel, 7));
  });
});

describe('graphs', () => {
  const conv = (name: string, filters: number, more: object = {}) => ({
    type: 'conv2d',
    name,
    filters,
    kernelSize: 3,
    padding: 'same',
    ...more,
  });
  const small = { kind: 'image', height: 8, width: 8, channels: 3 } as const;
  const shown = (layers: unknown[]) =>
    planModel(model(layers), small).map((l) => `${l.name} of ${l.inputs.join(', ')}: ${l.output.join('x')}`);

  test('a layer reads the one before, or those that it names', () => {
    expect(
      shown([
        conv('a', 4),
        conv('b', 4, { inputs: ['input'] }),
        conv('c', 4),
        { type: 'add', inputs: ['a', 'c'] },
        { type: 'concatenate', inputs: ['add_1', 'input'] },
        { type: 'flatten' },
      ]),
    ).toEqual([
      'a of input: 8x8x4',
      'b of input: 8x8x4',
      'c of b: 8x8x4',
      'add_1 of a, c: 8x8x4',
      'concatenate_1 of add_1, input: 8x8x7',
      'flatten_1 of concatenate_1: 448',
    ]);
  });

  test('a residual block is its body, the sum with its input, and a projection only where shapes differ', () => {
    const block = (name: string, filters: number, strides: number, more: unknown[] = []) => ({
      type: 'residual',
      name,
      activation: 'relu',
      layers: [conv('conv1', filters, { strides }), ...more],
    });
    expect(shown([block('keep', 3, 1), block('halve', 6, 2, [{ type: 'batch_norm' }])])).toEqual([
      'keep/conv1 of input: 8x8x3',
      'keep of keep/conv1, input: 8x8x3',
      'halve/conv1 of keep: 4x4x6',
      'halve/batch_norm_1 of halve/conv1: 4x4x6',
      'halve/shortcut of keep: 4x4x6',
      'halve/shortcut_norm of halve/shortcut: 4x4x6',
      'halve of halve/batch_norm_1, halve/shortcut_norm: 4x4x6',
    ]);
    const weights = plannedWeights(planModel(model([block('halve', 6, 2)]), small)).map((w) => w.name);
    expect(weights).toEqual(['halve/conv1/kernel', 'halve/conv1/bias', 'halve/shortcut/kernel', 'halve/shortcut/bias']);
  });

  test.each([
    [
      [conv('a', 4), conv('b', 5), { type: 'add', inputs: ['a', 'b'] }],
      /adds \[8, 8, 4\] of "a" and \[8, 8, 5\] of "b"/,
      2,
    ],
    [
      [conv('a', 4), { type: 'max_pool2d', name: 'b' }, { type: 'concatenate', inputs: ['a', 'b'] }],
      /Height and width must be equal: pool, crop or upsample/,
      2,
    ],
    [[conv('a', 4), { type: 'add' }], /"add_1" joins at least two layers but reads one/, 1],
    [[conv('a', 4), conv('b', 4), conv('c', 4, { inputs: ['a', 'b'] })], /"c" takes one input but names 2/, 2],
    [[conv('a', 4, { inputs: ['b'] }), conv('b', 4)], /reads "b", which does not come before it/, 0],
    [[conv('a', 4), conv('b', 4, { inputs: ['z'] })], /no layer before it has that name. There are: input, a\./, 1],
    [[conv('a', 4), conv('b', 4, { inputs: ['input'] })], /No later layer reads layer "a"/, 0],
    [[conv('input', 4)], /named "input", which stands for what comes in/, '0/name'],
    [[{ type: 'residual', layers: [conv('shortcut', 4)] }], /the block's own shortcut/, '0/layers/0/name'],
    [[{ type: 'residual', name: 'r', layers: [conv('a', 4, { padding: 'valid', kernelSize: 8 })] }], null, 0],
    [
      [{ type: 'residual', name: 'r', layers: [conv('a', 4, { padding: 'valid' })] }],
      /"r" adds \[8, 8, 3\] and its body's \[6, 6, 4\], which no shortcut joins\. Set padding to "same"/,
      0,
    ],
    [[{ type: 'residual', name: 'r', layers: [{ type: 'flatten' }] }], /no flatten or global pooling/, 0],
    [
      [{ type: 'residual', name: 'r', layers: [{ type: 'dense', units: 2 }] }],
      /"r\/dense_1" needs a vector/,
      '0/layers/0',
    ],
  ])('refuses what cannot fit, by the layer: %j', (layers, message, path) => {
    const attempt = () => planModel(model(layers), small);
    if (!message) return expect(attempt).not.toThrow();
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'invalid_data',
        items: [expect.objectContaining({ path: `/model/layers/${path}` })],
      }),
    );
  });
});
