import type { LayerPlan, WeightPlan } from './plan.ts';
import { type Activation, pair } from './spec.ts';

/**
 * The modules that a planned layer is in PyTorch, as torchinfo 1.8 sees them (github.com/TylerYep/torchinfo, layer_info.py):
 * a layer's activation is a module of its own, a residual block one that holds its body's, its shortcut's and its activation.
 */
export interface Module {
  /** PyTorch's class, e.g. "Conv2d" */
  type: string;
  /** with the batch: [B, C, H, W] or [B, D] */
  output: number[];
  kernel: number | [number, number] | null;
  /** What PyTorch calls parameters: batch norm's running statistics are buffers and not among them. Of the module itself, without what it holds. */
  parameters: number;
  /** Of those, what is trained. */
  trainable: number;
  /** parameters x the places that they are applied at x items; torchinfo's places of a convolution are its output's, of all else one */
  multAdds: number;
  holds: Module[];
}

/** The modules of the model, those of a block inside of it. O(layers). */
export function modelModules(plan: readonly LayerPlan[], batchSize: number): Module[] {
  const top: Module[] = [];
  const inBlock = new Map<string, LayerPlan[]>();
  for (const layer of plan) {
    const block = blockOf(layer);
    if (block !== undefined) inBlock.set(block, [...(inBlock.get(block) ?? []), layer]);
    else if (layer.spec.type === 'residual') top.push(blockModule(layer, inBlock.get(layer.name) ?? [], batchSize));
    else top.push(...layerModules(layer, batchSize));
  }
  return top;
}

/** Name of the residual block that holds the layer: "block1" of "block1/conv1". */
export function blockOf({ name }: Pick<LayerPlan, 'name'>): string | undefined {
  const end = name.indexOf('/');
  return end < 0 ? undefined : name.slice(0, end);
}

function blockModule(block: LayerPlan, layers: LayerPlan[], batchSize: number): Module {
  const isShortcut = ({ path }: LayerPlan) => path === block.path;
  const body = layers.filter((layer) => !isShortcut(layer)).flatMap((layer) => layerModules(layer, batchSize));
  const shortcut = layers.filter(isShortcut).flatMap((layer) => layerModules(layer, batchSize));
  const grouped =
    shortcut.length > 1 ? [{ ...bare('Sequential', shortcut.at(-1)!.output), holds: shortcut }] : shortcut;
  const residual = bare('Residual', [batchSize, ...channelsFirst(block.output)]);
  return { ...residual, holds: [...body, ...grouped, ...layerModules(block, batchSize)] };
}

/** A layer's own modules, in the order in which they compute. */
export function layerModules({ spec, output, weights }: LayerPlan, batchSize: number): Module[] {
  const shape = [batchSize, ...channelsFirst(output)];
  const activation = (kind: Activation) => (kind === 'linear' ? [] : [bare(ACTIVATION_MODULES[kind], shape)]);
  const held = weights.filter(({ name }) => !/\/moving_(mean|variance)$/.test(name));
  const module = (
    type: string,
    { at = shape, kernel = null, of = held }: { at?: number[]; kernel?: Module['kernel']; of?: WeightPlan[] } = {},
  ): Module => {
    const parameters = count(of);
    const places = type.includes('Conv') ? at[2]! * at[3]! : 1;
    return {
      ...bare(type, at),
      kernel,
      parameters,
      trainable: count(of.filter((w) => w.trainable)),
      multAdds: parameters * places * batchSize,
    };
  };
  switch (spec.type) {
    case 'dense':
      return [module('Linear'), ...activation(spec.activation)];
    case 'conv2d':
    case 'depthwise_conv2d':
      return [module('Conv2d', { kernel: pair(spec.kernelSize) }), ...activation(spec.activation)];
    case 'separable_conv2d': {
      const [depthwise, ...pointwise] = held;
      const [, , channels, many] = depthwise!.shape;
      const between = [batchSize, channels! * many!, shape[2]!, shape[3]!];
      return [
        module('Conv2d', { at: between, kernel: pair(spec.kernelSize), of: [depthwise!] }),
        module('Conv2d', { kernel: [1, 1], of: pointwise }),
        ...activation(spec.activation),
      ];
    }
    case 'conv2d_transpose':
      return [module('ConvTranspose2d', { kernel: pair(spec.kernelSize) }), ...activation(spec.activation)];
    // PyTorch's convolutions make a pair of their kernel; its poolings keep what they were given.
    case 'max_pool2d':
      return [module('MaxPool2d', { kernel: spec.poolSize })];
    case 'average_pool2d':
      return [module('AvgPool2d', { kernel: spec.poolSize })];
    case 'global_average_pool2d':
      return [module('AdaptiveAvgPool2d', { at: [...shape, 1, 1] }), bare('Flatten', shape)];
    case 'global_max_pool2d':
      return [module('AdaptiveMaxPool2d', { at: [...shape, 1, 1] }), bare('Flatten', shape)];
    case 'batch_norm':
      return [module(output.length === 3 ? 'BatchNorm2d' : 'BatchNorm1d')];
    // The name that torchvision gives the norm over the channels of an image.
    case 'layer_norm':
      return [module(output.length === 3 ? 'LayerNorm2d' : 'LayerNorm')];
    case 'activation':
      return [bare(ACTIVATION_MODULES[spec.activation], shape)];
    case 'residual':
      return activation(spec.activation);
    default:
      return [bare(PLAIN_MODULES[spec.type], shape)];
  }
}

/** Of layers without weights, kernels or activations. PyTorch has no class of the last four; these are the usual names. */
const PLAIN_MODULES = {
  flatten: 'Flatten',
  zero_padding2d: 'ZeroPad2d',
  cropping2d: 'ZeroPad2d',
  upsampling2d: 'Upsample',
  dropout: 'Dropout',
  spatial_dropout: 'Dropout2d',
  gaussian_noise: 'GaussianNoise',
  reshape: 'Reshape',
  add: 'Add',
  concatenate: 'Concatenate',
} as const;

const ACTIVATION_MODULES: Record<Activation, string> = {
  linear: 'Identity',
  relu: 'ReLU',
  leaky_relu: 'LeakyReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  swish: 'SiLU',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  softmax: 'Softmax',
};

function bare(type: string, output: number[]): Module {
  return { type, output, kernel: null, parameters: 0, trainable: 0, multAdds: 0, holds: [] };
}

function count(weights: readonly WeightPlan[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

export function channelsFirst(shape: readonly number[]): number[] {
  return shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : [...shape];
}
