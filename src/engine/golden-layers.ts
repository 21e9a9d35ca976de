import { ACTIVATIONS, type InputSpec } from '#core/model/spec.ts';
import type { PartArrays } from './engine.ts';
import { wave } from './testing.ts';

/** Small networks, each around one kind of layer, whose losses PyTorch has recorded (bench/golden/layers.ts). */

export const GOLDEN_STEPS = 20;
export const GOLDEN_BATCH = 8;
export const GOLDEN_RATE = 0.02;
const ITEMS = 24;

export const GOLDEN_IMAGE: InputSpec = { kind: 'image', height: 8, width: 8, channels: 3 };
export const GOLDEN_VECTOR: InputSpec = { kind: 'vector', features: 6 };

/** The same numbers everywhere, from formulas. */
export function goldenPart(input: InputSpec): PartArrays & { x: Uint8Array | Float32Array; y: Int32Array } {
  const y = Int32Array.from({ length: ITEMS }, (_, i) => (7 * i) % 3);
  if (input.kind === 'vector') return { x: wave(ITEMS * input.features, 0.1, 2), y, n: ITEMS };
  const size = input.height * input.width * input.channels;
  return { x: Uint8Array.from(wave(ITEMS * size, 0.3, 2), (v) => Math.floor((v + 2) * 60)), y, n: ITEMS };
}

const conv = (filters: number, more: object = {}) => ({
  type: 'conv2d',
  filters,
  kernelSize: 3,
  padding: 'same',
  activation: 'tanh',
  ...more,
});
const head = [{ type: 'flatten' }, { type: 'dense', units: 3 }];
const pooledHead = [{ type: 'global_average_pool2d' }, { type: 'dense', units: 3 }];
const norm = { type: 'batch_norm' };
const hidden = { type: 'dense', units: 7, activation: 'tanh' };

const images: Record<string, object[]> = {
  'conv2d with strides': [conv(5, { strides: [2, 1], kernelSize: [3, 2] }), ...head],
  depthwise_conv2d: [
    { type: 'depthwise_conv2d', kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2, activation: 'tanh' },
    { type: 'depthwise_conv2d', kernelSize: [3, 2], bias: false },
    ...head,
  ],
  separable_conv2d: [
    { type: 'separable_conv2d', filters: 5, kernelSize: 3, depthMultiplier: 2, activation: 'elu' },
    { type: 'separable_conv2d', filters: 4, kernelSize: [2, 3], strides: 2, padding: 'same' },
    ...head,
  ],
  conv2d_transpose: [
    conv(4, { strides: 2 }),
    { type: 'conv2d_transpose', filters: 3, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh' },
    { type: 'conv2d_transpose', filters: 2, kernelSize: 3, strides: 2, bias: false },
    { type: 'conv2d_transpose', filters: 2, kernelSize: 1, strides: [2, 1] },
    ...head,
  ],
  max_pool2d: [conv(4), { type: 'max_pool2d', poolSize: 3, strides: [2, 1] }, ...head],
  average_pool2d: [conv(4), { type: 'average_pool2d', poolSize: [3, 2], strides: 1 }, ...head],
  global_average_pool2d: [conv(4), ...pooledHead],
  global_max_pool2d: [conv(4), { type: 'global_max_pool2d' }, { type: 'dense', units: 3 }],
  batch_norm: [conv(4, { bias: false }), norm, ...head],
  layer_norm: [
    conv(4),
    { type: 'layer_norm' },
    conv(4),
    { type: 'flatten' },
    { type: 'layer_norm' },
    hidden,
    ...head.slice(1),
  ],
  reshape: [{ type: 'reshape', shape: [4, 16, 3] }, conv(4), { type: 'reshape', shape: [256] }, ...head.slice(1)],
  zero_padding2d: [
    {
      type: 'zero_padding2d',
      padding: [
        [1, 0],
        [2, 3],
      ],
    },
    conv(4, { padding: 'valid' }),
    ...head,
  ],
  cropping2d: [
    conv(4),
    {
      type: 'cropping2d',
      cropping: [
        [1, 0],
        [2, 3],
      ],
    },
    conv(3),
    ...head,
  ],
  'upsampling2d, nearest': [conv(3, { strides: 2 }), { type: 'upsampling2d', size: [2, 3] }, conv(3), ...head],
  'upsampling2d, bilinear': [
    conv(3, { strides: 2 }),
    { type: 'upsampling2d', size: [3, 2], interpolation: 'bilinear' },
    conv(3),
    ...head,
  ],
  add: [conv(4, { name: 'a' }), conv(4, { name: 'b' }), { type: 'add', inputs: ['a', 'b', 'a'] }, ...head],
  concatenate: [
    conv(4, { name: 'a' }),
    conv(2, { name: 'b' }),
    { type: 'concatenate', inputs: ['b', 'input', 'a'] },
    ...head,
  ],
  'residual, identity': [conv(4), { type: 'residual', layers: [conv(4)], activation: 'elu' }, ...head],
  'residual, projected': [
    { type: 'residual', layers: [conv(4, { strides: 2, bias: false }), norm], activation: 'tanh' },
    ...pooledHead,
  ],
};
const vectors: Record<string, object[]> = {
  dense: [hidden, { type: 'dense', units: 3, bias: false }],
  'batch_norm of a vector': [hidden, norm, { type: 'dense', units: 3 }],
  'residual of a vector': [
    { type: 'residual', layers: [hidden, { type: 'dense', units: 5 }] },
    { type: 'dense', units: 3 },
  ],
  ...Object.fromEntries(
    ACTIVATIONS.map((activation) => [
      `activation ${activation}`,
      [
        { type: 'dense', units: 7 },
        { type: 'activation', activation },
        { type: 'dense', units: 3 },
      ],
    ]),
  ),
};

export interface GoldenCase {
  name: string;
  input: InputSpec;
  layers: object[];
}
export const GOLDEN_CASES: GoldenCase[] = [
  ...Object.entries(images).map(([name, layers]) => ({ name, layers, input: GOLDEN_IMAGE })),
  ...Object.entries(vectors).map(([name, layers]) => ({ name, layers, input: GOLDEN_VECTOR })),
];
