import { type DatasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { hash32 } from '#core/hash32.ts';
import { planModel, plannedWeights } from '#core/model/plan.ts';
import { type ModelSpec, modelSchema } from '#core/model/spec.ts';
import { sfc32 } from '#core/random.ts';
import type { ExportedModel } from './exported-model.ts';

/** Networks that together hold every type of layer, for checking exports against other software. */

const IMAGES: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 9, width: 8, channels: 3 },
  classes: ['cat', 'dog', 'newt'],
};
const KEYPOINTS: DatasetSchema = {
  kind: 'image-keypoints',
  image: { height: 8, width: 8, channels: 1 },
  targets: [
    { name: 'left_eye_x', offset: 4, scale: 4 },
    { name: 'left_eye_y', offset: 4, scale: 4 },
  ],
};
export const TABLE: DatasetSchema = {
  kind: 'tabular-regression',
  columns: [
    { name: 'age', type: 'numeric', mean: 40, std: 12.5, missing: true },
    { name: 'city', type: 'categorical', categories: ['Bern', 'Oslo', '7'] },
  ],
  features: 5,
  targets: [{ name: 'income', offset: 1000, scale: 250 }],
};

export const NETWORKS: Record<string, { schema: DatasetSchema; layers: unknown[] }> = {
  sequence: {
    schema: IMAGES,
    layers: [
      { type: 'conv2d', filters: 4, kernelSize: [3, 2], padding: 'same', strides: 2, activation: 'relu' },
      { type: 'batch_norm' },
      { type: 'activation', activation: 'gelu' },
      { type: 'max_pool2d', poolSize: 2, strides: 1, padding: 'same' },
      { type: 'average_pool2d', poolSize: [3, 2], strides: 2, padding: 'same' },
      { type: 'conv2d', filters: 5, kernelSize: 2, bias: false, activation: 'leaky_relu' },
      { type: 'dropout', rate: 0.4 },
      { type: 'flatten' },
      { type: 'dense', units: 6, activation: 'swish' },
      { type: 'batch_norm' },
      { type: 'dense', units: 5, activation: 'selu', bias: false },
      { type: 'dense', units: 3 },
    ],
  },
  graph: {
    schema: KEYPOINTS,
    layers: [
      { type: 'conv2d', name: 'left', filters: 4, kernelSize: 3, padding: 'same', activation: 'elu' },
      { type: 'conv2d', name: 'right', inputs: ['input'], filters: 4, kernelSize: 5, padding: 'same' },
      { type: 'conv2d', name: 'deeper', filters: 4, kernelSize: 1, activation: 'tanh' },
      { type: 'add', inputs: ['deeper', 'left'] },
      { type: 'concatenate', inputs: ['add_1', 'right', 'left'] },
      {
        type: 'residual',
        name: 'block',
        activation: 'relu',
        layers: [
          { type: 'conv2d', filters: 6, kernelSize: 3, padding: 'same', strides: 2 },
          { type: 'batch_norm' },
          { type: 'activation', activation: 'leaky_relu' },
          { type: 'conv2d', filters: 6, kernelSize: 3, padding: 'same' },
        ],
      },
      {
        type: 'residual',
        activation: 'linear',
        layers: [{ type: 'conv2d', filters: 6, kernelSize: 3, padding: 'same', activation: 'sigmoid' }],
      },
      { type: 'global_average_pool2d' },
      { type: 'dense', units: 2 },
    ],
  },
  channels: {
    schema: IMAGES,
    layers: [
      {
        type: 'zero_padding2d',
        padding: [
          [1, 2],
          [0, 1],
        ],
      },
      {
        type: 'depthwise_conv2d',
        kernelSize: [3, 2],
        padding: 'same',
        strides: 2,
        depthMultiplier: 2,
        activation: 'relu',
      },
      { type: 'layer_norm' },
      { type: 'separable_conv2d', filters: 4, kernelSize: 2, depthMultiplier: 2, activation: 'softmax' },
      { type: 'conv2d_transpose', name: 'wide', filters: 3, kernelSize: [4, 3], strides: 2, padding: 'same' },
      { type: 'conv2d_transpose', filters: 2, kernelSize: [3, 2], strides: [2, 3], activation: 'leaky_relu' },
      {
        type: 'cropping2d',
        cropping: [
          [2, 1],
          [3, 4],
        ],
      },
      { type: 'upsampling2d', size: [2, 1] },
      { type: 'spatial_dropout', rate: 0.3 },
      { type: 'gaussian_noise', stddev: 0.2 },
      { type: 'reshape', shape: [2, 34, 18] },
      { type: 'global_max_pool2d' },
      { type: 'reshape', shape: [1, 9, 2] },
      { type: 'depthwise_conv2d', kernelSize: 1, bias: false },
      { type: 'flatten' },
      { type: 'layer_norm' },
      { type: 'dense', units: 3 },
    ],
  },
  blurred: {
    schema: IMAGES,
    layers: [
      { type: 'conv2d', filters: 2, kernelSize: 3 },
      { type: 'upsampling2d', size: [3, 2], interpolation: 'bilinear' },
      { type: 'flatten' },
      { type: 'dense', units: 3 },
    ],
  },
  table: {
    schema: TABLE,
    layers: [
      { type: 'dense', units: 4, activation: 'sigmoid' },
      { type: 'dense', units: 1 },
    ],
  },
};

/** A network with weights drawn by name, the same every time. */
export function madeNetwork(name: string) {
  return networkOf(name, NETWORKS[name]!.schema, NETWORKS[name]!.layers);
}

export function networkOf(
  name: string,
  schema: DatasetSchema,
  layers: readonly unknown[],
): ExportedModel & { spec: ModelSpec } {
  const spec = modelSchema.parse({ layers });
  const [input, task] = [inputOf(schema), taskOf(schema)];
  const plan = planModel(spec, input, task);
  const weights = new Map(
    plannedWeights(plan).map(({ name: weight, shape }) => {
      const next = sfc32(hash32(weight), 1, 2);
      const draw = () => next() / 2 ** 32;
      // Variances are positive; the rest is as large as trained weights are.
      const value = weight.endsWith('variance') ? () => 0.5 + draw() : () => draw() - 0.4;
      const size = shape.reduce((a, b) => a * b, 1);
      return [weight, { shape, dtype: 'float32' as const, data: Float32Array.from({ length: size }, value) }];
    }),
  );
  return { spec, schema, input, task, plan, weights, origin: `run ${name} (r-0001), best checkpoint, epoch 3` };
}
