import { type InputSpec, type ModelSpec, modelSchema, type TaskSpec } from '#core/model/spec.ts';

/** The networks whose steps are timed. */
export interface BenchModel {
  model: ModelSpec;
  input: InputSpec;
  task: TaskSpec;
  batch: number;
}

const define = (layers: unknown[], input: InputSpec, task: TaskSpec, batch: number): BenchModel => ({
  model: modelSchema.parse({ layers }),
  input,
  task,
  batch,
});
const image = (side: number, channels: 1 | 3): InputSpec => ({ kind: 'image', height: side, width: side, channels });
const ten: TaskSpec = { kind: 'classification', classes: 10 };
const pool = { type: 'max_pool2d' };
const normed = (filters: number) => [
  { type: 'conv2d', filters, kernelSize: 3, padding: 'same', bias: false },
  { type: 'batch_norm' },
  { type: 'activation', activation: 'relu' },
];
/** Three convolutions with batch norm on 32 x 32 x 3. */
const normedNetwork = (f: number) => [
  ...normed(f),
  pool,
  ...normed(2 * f),
  pool,
  ...normed(4 * f),
  { type: 'global_average_pool2d' },
  { type: 'dense', units: 10 },
];
const conv = (filters: number) => ({ type: 'conv2d', filters, kernelSize: 3, padding: 'same', activation: 'relu' });
const elu = (filters: number, kernelSize: number, rate: number) => [
  { type: 'conv2d', filters, kernelSize, activation: 'elu' },
  pool,
  { type: 'dropout', rate },
];

export const BENCH_MODELS: Record<string, BenchModel> = {
  tiny: define(normedNetwork(4), image(32, 3), ten, 8),
  cnn: define(
    [
      conv(16),
      pool,
      conv(32),
      pool,
      { type: 'flatten' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 10 },
    ],
    image(28, 1),
    ten,
    64,
  ),
  small: define(normedNetwork(16), image(32, 3), ten, 64),
  mlp: define(
    [
      { type: 'flatten' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 10 },
    ],
    image(8, 1),
    ten,
    32,
  ),
  lenet: define(
    [
      { type: 'conv2d', filters: 6, kernelSize: 5, padding: 'same', activation: 'tanh' },
      { type: 'average_pool2d' },
      { type: 'conv2d', filters: 16, kernelSize: 5, activation: 'tanh' },
      { type: 'average_pool2d' },
      { type: 'flatten' },
      { type: 'dense', units: 120, activation: 'tanh' },
      { type: 'dense', units: 84, activation: 'tanh' },
      { type: 'dense', units: 10 },
    ],
    image(28, 1),
    ten,
    64,
  ),
  wide: define(normedNetwork(64), image(32, 3), ten, 32),
  keypoint: define(
    [
      ...elu(32, 4, 0.1),
      ...elu(64, 3, 0.2),
      ...elu(128, 2, 0.3),
      ...elu(256, 1, 0.4),
      { type: 'flatten' },
      { type: 'dense', units: 512, activation: 'elu' },
      { type: 'dropout', rate: 0.5 },
      { type: 'dense', units: 512, activation: 'elu' },
      { type: 'dropout', rate: 0.6 },
      { type: 'dense', units: 30 },
    ],
    image(96, 1),
    { kind: 'regression', targets: 30, offset: Array(30).fill(48), scale: Array(30).fill(48), unit: 'pixels' },
    128,
  ),
};
