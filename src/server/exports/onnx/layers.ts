import type { LayerPlan } from '#core/model/plan.ts';
import { type Activation, type LayerSpec, pair, sides } from '#core/model/spec.ts';
import { samePadding } from '../exported-model.ts';
import type { OnnxGraph } from './graph.ts';

/** Adds one layer's nodes to the graph; gives the name of its output. */
type Emit<T extends LayerSpec['type']> = (
  graph: OnnxGraph,
  layer: LayerPlan & { spec: Extract<LayerSpec, { type: T }> },
  inputs: readonly string[],
) => string;
type Window = { padding: 'valid' | 'same'; size: [number, number]; strides: [number, number] };

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/** ONNX's operations for each type of layer; a type that stands not here can't be held by the format. */
export const ONNX_LAYERS: { [T in LayerSpec['type']]?: Emit<T> } = {
  dense(graph, { name, spec }, [x]) {
    const linear = graph.node(name, 'MatMul', [x!, graph.weight(`${name}/kernel`)]);
    const y = spec.bias ? graph.node(`${name}/add`, 'Add', [linear, graph.weight(`${name}/bias`)]) : linear;
    return activation(graph, name, spec.activation, y);
  },
  conv2d(graph, { name, spec, input }, [x]) {
    const kernel = graph.transposed(`${name}/kernel`, [3, 2, 0, 1]);
    const y = graph.node(name, 'Conv', [x!, kernel, ...biasOf(graph, name, spec)], windowOf(input, convolution(spec)));
    return activation(graph, name, spec.activation, y);
  },
  depthwise_conv2d(graph, { name, spec, input }, [x]) {
    const weights = [depthwise(graph, `${name}/kernel`), ...biasOf(graph, name, spec)];
    const y = graph.node(name, 'Conv', [x!, ...weights], { ...windowOf(input, convolution(spec)), group: input[2]! });
    return activation(graph, name, spec.activation, y);
  },
  separable_conv2d(graph, { name, spec, input }, [x]) {
    const spread = graph.node(`${name}/depthwise`, 'Conv', [x!, depthwise(graph, `${name}/depthwise_kernel`)], {
      ...windowOf(input, convolution(spec)),
      group: input[2]!,
    });
    const kernel = graph.transposed(`${name}/pointwise_kernel`, [3, 2, 0, 1]);
    const y = graph.node(name, 'Conv', [spread, kernel, ...biasOf(graph, name, spec)]);
    return activation(graph, name, spec.activation, y);
  },
  conv2d_transpose(graph, { name, spec }, [x]) {
    const [size, strides] = [pair(spec.kernelSize), pair(spec.strides)];
    // "same" cuts what the kernel overhangs; where it is smaller than a stride, zeros fill up.
    const overhang = [0, 1].map((axis) => Math.max(0, size[axis]! - strides[axis]!));
    const cut = spec.padding === 'same' ? overhang : [0, 0];
    const before = cut.map((n) => Math.floor(n / 2));
    const y = graph.node(
      name,
      'ConvTranspose',
      [x!, graph.transposed(`${name}/kernel`, [3, 2, 0, 1]), ...biasOf(graph, name, spec)],
      {
        kernel_shape: size,
        strides,
        pads: [...before, ...cut.map((n, axis) => n - before[axis]!)],
        output_padding: [0, 1].map((axis) => Math.max(0, strides[axis]! - size[axis]!)),
      },
    );
    return activation(graph, name, spec.activation, y);
  },
  max_pool2d: (graph, layer, [x]) => pool(graph, 'MaxPool', layer, x!),
  // Its mean is over the part of a window that lies in the image.
  average_pool2d: (graph, layer, [x]) => pool(graph, 'AveragePool', layer, x!, { count_include_pad: 0 }),
  global_average_pool2d(graph, { name }, [x]) {
    return graph.node(`${name}/flatten`, 'Flatten', [graph.node(name, 'GlobalAveragePool', [x!])], { axis: 1 });
  },
  global_max_pool2d(graph, { name }, [x]) {
    return graph.node(`${name}/flatten`, 'Flatten', [graph.node(name, 'GlobalMaxPool', [x!])], { axis: 1 });
  },
  flatten: (graph, { name, input, output }, [x]) => reshape(graph, name, x!, input, output),
  reshape: (graph, { name, input, output }, [x]) => reshape(graph, name, x!, input, output),
  zero_padding2d(graph, { name, spec }, [x]) {
    const [[top, bottom], [left, right]] = sides(spec.padding);
    return graph.node(name, 'Pad', [x!, graph.integers(`${name}/pads`, [0, 0, top, left, 0, 0, bottom, right])]);
  },
  cropping2d(graph, { name, spec, output }, [x]) {
    const [[top], [left]] = sides(spec.cropping);
    const starts = graph.integers(`${name}/starts`, [top, left]);
    const ends = graph.integers(`${name}/ends`, [top + output[0]!, left + output[1]!]);
    return graph.node(name, 'Slice', [x!, starts, ends, graph.integers(`${name}/axes`, [2, 3])]);
  },
  upsampling2d(graph, { name, spec }, [x]) {
    const scales = graph.floats(`${name}/scales`, [1, 1, ...pair(spec.size)]);
    const attributes: Record<string, string> =
      spec.interpolation === 'nearest'
        ? { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
        : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
    return graph.node(name, 'Resize', [x!, '', scales], attributes);
  },
  batch_norm(graph, { name, spec }, [x]) {
    const weights = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((kind) => graph.weight(`${name}/${kind}`));
    return graph.node(name, 'BatchNormalization', [x!, ...weights], { epsilon: { float: spec.epsilon } });
  },
  layer_norm(graph, { name, spec, input }, [x]) {
    const normed = (y: string) =>
      graph.node(name, 'LayerNormalization', [y, graph.weight(`${name}/gamma`), graph.weight(`${name}/beta`)], {
        ...{ axis: -1, epsilon: { float: spec.epsilon } },
      });
    if (input.length === 1) return normed(x!);
    return channelsFirst(graph, `${name}/channels_first`, normed(channelsLast(graph, `${name}/channels_last`, x!)));
  },
  // Nothing happens here once the training is over.
  dropout: (_, __, [x]) => x!,
  spatial_dropout: (_, __, [x]) => x!,
  gaussian_noise: (_, __, [x]) => x!,
  activation: (graph, { name, spec }, [x]) => activation(graph, name, spec.activation, x!, ''),
  add: (graph, { name }, inputs) => graph.node(name, 'Sum', inputs),
  // The channels' axis, of images and vectors alike.
  concatenate: (graph, { name }, inputs) => graph.node(name, 'Concat', inputs, { axis: 1 }),
  residual(graph, { name, spec }, inputs) {
    return activation(graph, name, spec.activation, graph.node(name, 'Sum', inputs));
  },
};

function activation(graph: OnnxGraph, layer: string, kind: Activation, x: string, suffix = '/activation'): string {
  const name = layer + suffix;
  const node = (op: string, attributes = {}) => graph.node(name, op, [x], attributes);
  switch (kind) {
    case 'linear':
      return x;
    case 'relu':
      return node('Relu');
    case 'leaky_relu':
      return node('LeakyRelu', { alpha: { float: 0.01 } });
    case 'elu':
      return node('Elu');
    case 'selu':
      return node('Selu');
    case 'tanh':
      return node('Tanh');
    case 'sigmoid':
      return node('Sigmoid');
    case 'softmax':
      // The channels' axis, of images and vectors alike.
      return node('Softmax', { axis: 1 });
    case 'swish':
      return graph.node(name, 'Mul', [x, graph.node(`${name}/sigmoid`, 'Sigmoid', [x])]);
    case 'gelu': {
      // x / 2 * (1 + erf(x / sqrt 2)): ONNX has Gelu itself only since opset 20.
      const scaled = graph.node(`${name}/scaled`, 'Mul', [x, graph.floats(`${name}/sqrt_half`, Math.SQRT1_2)]);
      const erf = graph.node(`${name}/erf`, 'Erf', [scaled]);
      const one = graph.node(`${name}/add`, 'Add', [erf, graph.floats(`${name}/one`, 1)]);
      const half = graph.node(`${name}/half`, 'Mul', [x, graph.floats(`${name}/a_half`, 0.5)]);
      return graph.node(name, 'Mul', [half, one]);
    }
  }
}

function biasOf(graph: OnnxGraph, layer: string, { bias }: { bias: boolean }): string[] {
  return bias ? [graph.weight(`${layer}/bias`)] : [];
}

/** [kh, kw, C, many] -> [C * many, 1, kh, kw] */
function depthwise(graph: OnnxGraph, weight: string): string {
  return graph.transposed(weight, [2, 3, 0, 1], ([channels, many, ...size]) => [channels! * many!, 1, ...size]);
}

type Sized = number | [number, number];
function convolution(spec: { kernelSize: Sized; strides: Sized; padding: Window['padding'] }): Window {
  return { size: pair(spec.kernelSize), strides: pair(spec.strides), padding: spec.padding };
}

function pool(
  graph: OnnxGraph,
  op: string,
  { name, spec, input }: LayerPlan & { spec: Extract<LayerSpec, { type: 'max_pool2d' | 'average_pool2d' }> },
  x: string,
  more = {},
): string {
  const size = pair(spec.poolSize);
  const window = windowOf(input, { padding: spec.padding, size, strides: pair(spec.strides ?? spec.poolSize) });
  return graph.node(name, op, [x], { ...window, ...more });
}

function windowOf([height, width]: readonly number[], { padding, size, strides }: Window) {
  const [top, bottom] = padding === 'same' ? samePadding(height!, size[0], strides[0]) : [0, 0];
  const [left, right] = padding === 'same' ? samePadding(width!, size[1], strides[1]) : [0, 0];
  return { kernel_shape: size, strides, pads: [top, left, bottom, right] };
}

/** Numbers are counted with the channels last, as the layers after it were trained. */
function reshape(graph: OnnxGraph, name: string, x: string, from: readonly number[], to: readonly number[]): string {
  const last = from.length === 3 ? channelsLast(graph, `${name}/channels_last`, x) : x;
  const y = graph.node(name, 'Reshape', [last, graph.integers(`${name}/shape`, [-1, ...to])]);
  return to.length === 3 ? channelsFirst(graph, `${name}/channels_first`, y) : y;
}

export function channelsFirst(graph: OnnxGraph, name: string, x: string): string {
  return graph.node(name, 'Transpose', [x], { perm: TO_CHANNELS_FIRST });
}

function channelsLast(graph: OnnxGraph, name: string, x: string): string {
  return graph.node(name, 'Transpose', [x], { perm: TO_CHANNELS_LAST });
}
