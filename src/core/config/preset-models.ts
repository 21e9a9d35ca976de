import { type InputSpec, type ModelSpec, modelSchema } from '../model/spec.ts';

/** The layers of each preset. `repeat(n)`: what the depth multiplier makes of n layers of one kind. */
export type Build = (units: number, repeat: (n: number) => number, input: InputSpec) => ModelSpec;

const model = (layers: object[]): ModelSpec => modelSchema.parse({ layers });
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const flatten = { type: 'flatten', name: 'flatten' };

/** Numbers layers of a kind as they come: conv1, conv2, dense1. */
function numbered(): (kind: string) => string {
  const counts = new Map<string, number>();
  return (kind) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return `${kind}${counts.get(kind)}`;
  };
}

/** Dense layers, `repeat` of each size, then the answer. */
function head(name: (kind: string) => string, sizes: number[], activation: string, n: number, units: number): object[] {
  const hidden = sizes.flatMap((size) =>
    times(n, () => ({ type: 'dense', name: name('dense'), units: size, activation })),
  );
  return [...hidden, { type: 'dense', name: name('dense'), units }];
}

export const linear: Build = (units, _, input) =>
  model([...(input.kind === 'image' ? [flatten] : []), { type: 'dense', name: 'dense1', units }]);

export const mlp: Build = (units, repeat, input) =>
  model([...(input.kind === 'image' ? [flatten] : []), ...head(numbered(), [64], 'relu', repeat(2), units)]);

/** `n` convolutions, the first with `padding`, the rest keeping height and width, and a pooling. */
function stage(name: (kind: string) => string, n: number, pool: 'max' | 'average', conv: object): object[] {
  return [
    ...times(n, (i) => ({ type: 'conv2d', name: name('conv'), ...conv, ...(i > 0 && { padding: 'same' }) })),
    { type: `${pool}_pool2d`, name: name('pool'), poolSize: 2 },
  ];
}

export const smallCnn: Build = (units, repeat) => {
  const name = numbered();
  const conv = { kernelSize: 3, activation: 'relu', padding: 'same' };
  return model([
    ...[16, 32].flatMap((filters) => stage(name, repeat(1), 'max', { filters, ...conv })),
    flatten,
    ...head(name, [64], 'relu', repeat(1), units),
  ]);
};

/** LeNet-5 (LeCun et al. 1998) as it is taught: tanh and plain averages, a softmax at its end. Its 32 x 32 input is 28 x 28 with zeros around it. */
export const lenet: Build = (units, repeat) => {
  const name = numbered();
  const conv = { kernelSize: 5, activation: 'tanh' };
  return model([
    ...stage(name, repeat(1), 'average', { filters: 6, ...conv, padding: 'same' }),
    ...stage(name, repeat(1), 'average', { filters: 16, ...conv }),
    flatten,
    ...head(name, [120, 84], 'tanh', repeat(1), units),
  ]);
};

/** The network that courses use for facial keypoints (after Agarwal et al. 2017, NaimishNet): four convolutions, two hidden layers, dropout growing from 0.1 to 0.6. */
export const keypoints: Build = (units, repeat) => {
  const name = numbered();
  const dropout = (rate: number) => ({ type: 'dropout', name: name('dropout'), rate });
  const convolutions = [
    [32, 4],
    [64, 3],
    [128, 2],
    [256, 1],
  ].flatMap(([filters, kernelSize], i) => [
    ...stage(name, repeat(1), 'max', { filters, kernelSize, activation: 'elu' }),
    dropout((i + 1) / 10),
  ]);
  const hidden = [0.5, 0.6].flatMap((rate) => [
    ...times(repeat(1), () => ({ type: 'dense', name: name('dense'), units: 512, activation: 'elu' })),
    dropout(rate),
  ]);
  return model([...convolutions, flatten, ...hidden, { type: 'dense', name: name('dense'), units }]);
};

const norm = (name: string) => ({ type: 'batch_norm', name });
const relu = (name: string) => ({ type: 'activation', name, activation: 'relu' });
const pooledAnswer = (units: number) => [
  { type: 'global_average_pool2d', name: 'pool' },
  { type: 'dense', name: 'answer', units },
];
/** Images of 64 pixels and more are halved at once, as both papers' networks for ImageNet do. */
const LARGE = 64;

/** A convolution that feeds a batch norm needs no bias. */
function stem(input: InputSpec): object[] {
  const large = input.kind === 'image' && Math.min(input.height, input.width) >= LARGE;
  const conv = { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', bias: false };
  return [{ ...conv, name: 'stem', ...(large && { strides: 2 }) }, norm('stem_norm'), relu('stem_relu')];
}

/** The residual network for small images (He et al. 2016, section 4.2): three stages of n blocks are 6 n + 2 layers. */
export const resnet8: Build = (units, repeat, input) => {
  const conv = (filters: number, strides: number) => ({
    type: 'conv2d',
    filters,
    kernelSize: 3,
    padding: 'same',
    bias: false,
    ...(strides > 1 && { strides }),
  });
  const block = (filters: number, at: number, i: number) => ({
    type: 'residual',
    name: `stage${at + 1}_block${i + 1}`,
    layers: [
      { ...conv(filters, at > 0 && i === 0 ? 2 : 1), name: 'conv1' },
      norm('norm1'),
      relu('relu1'),
      { ...conv(filters, 1), name: 'conv2' },
      norm('norm2'),
    ],
    activation: 'relu',
  });
  return model([
    ...stem(input),
    ...[16, 32, 64].flatMap((filters, at) => times(repeat(1), (i) => block(filters, at, i))),
    ...pooledAnswer(units),
  ]);
};

/** MobileNet (Howard et al. 2017) for small images: depthwise 3 x 3 and pointwise 1 x 1 convolutions in turn, each with batch norm. */
export const mobilenet: Build = (units, repeat, input) => {
  const pair = (filters: number, strides: number, n: number) => [
    { type: 'depthwise_conv2d', name: `depthwise${n}`, kernelSize: 3, strides, padding: 'same', bias: false },
    norm(`depthwise${n}_norm`),
    relu(`depthwise${n}_relu`),
    { type: 'conv2d', name: `pointwise${n}`, filters, kernelSize: 1, bias: false },
    norm(`pointwise${n}_norm`),
    relu(`pointwise${n}_relu`),
  ];
  const pairs = [
    { filters: 32, n: 1 },
    { filters: 64, n: 2 },
    { filters: 128, n: 2 },
  ].flatMap(({ filters, n }, at) => times(repeat(n), (i) => ({ filters, strides: at > 0 && i === 0 ? 2 : 1 })));
  return model([
    ...stem(input),
    ...pairs.flatMap(({ filters, strides }, i) => pair(filters, strides, i + 1)),
    ...pooledAnswer(units),
  ]);
};
