import { type Activation, type LayerSpec, pair } from './spec.ts';

const ACTIVATION_NAMES: Record<Activation, string> = {
  linear: '',
  relu: 'ReLU',
  leaky_relu: 'leaky ReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  swish: 'swish',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
};

/** What a person calls the layer: "Conv 3 × 3, ReLU", "Max pool 2", "Dropout 0.3". */
export function describeLayer(spec: LayerSpec): string {
  switch (spec.type) {
    case 'dense':
      return withActivation('Dense', spec.activation);
    case 'conv2d':
      return convolution('Conv', spec);
    case 'depthwise_conv2d':
      return convolution('Depthwise conv', spec);
    case 'separable_conv2d':
      return convolution('Separable conv', spec);
    case 'conv2d_transpose':
      return convolution('Transposed conv', spec);
    case 'max_pool2d':
      return `Max pool ${side(spec.poolSize)}`;
    case 'average_pool2d':
      return `Average pool ${side(spec.poolSize)}`;
    case 'global_average_pool2d':
      return 'Global average pool';
    case 'global_max_pool2d':
      return 'Global max pool';
    case 'flatten':
      return 'Flatten';
    case 'reshape':
      return 'Reshape';
    case 'zero_padding2d':
      return 'Zero padding';
    case 'cropping2d':
      return 'Cropping';
    case 'upsampling2d':
      return `Upsampling ${side(spec.size)}${spec.interpolation === 'bilinear' ? ', bilinear' : ''}`;
    case 'dropout':
      return `Dropout ${spec.rate}`;
    case 'spatial_dropout':
      return `Spatial dropout ${spec.rate}`;
    case 'gaussian_noise':
      return `Gaussian noise ${spec.stddev}`;
    case 'batch_norm':
      return 'Batch norm';
    case 'layer_norm':
      return 'Layer norm';
    case 'activation':
      return ACTIVATION_NAMES[spec.activation] || 'Linear';
    case 'add':
      return 'Add';
    case 'concatenate':
      return 'Concatenate';
    case 'residual':
      return withActivation('Residual', spec.activation);
  }
}

/** Height and width of the window that the layer slides over its input; null where it has none. */
export function kernelOf(spec: LayerSpec): [number, number] | null {
  if ('kernelSize' in spec) return pair(spec.kernelSize);
  return 'poolSize' in spec ? pair(spec.poolSize) : null;
}

type Size = number | [number, number];

function convolution(what: string, spec: { kernelSize: Size; strides: Size; activation: Activation }): string {
  const [h, w] = pair(spec.kernelSize);
  const stride = side(spec.strides) === '1' ? '' : `, stride ${side(spec.strides)}`;
  return withActivation(`${what} ${h} × ${w}${stride}`, spec.activation);
}

function withActivation(what: string, activation: Activation): string {
  const name = ACTIVATION_NAMES[activation];
  return name ? `${what}, ${name}` : what;
}

function side(size: Size): string {
  const [h, w] = pair(size);
  return h === w ? String(h) : `${h} × ${w}`;
}
