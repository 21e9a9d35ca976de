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
