import { AppError, type ErrorItem } from '../errors.ts';
import { ACTIVATIONS, type Activation, type InputSpec, modelSchema } from '../model/spec.ts';
import type { ImportedSpec } from './imported.ts';

/**
 * A Keras model's own description -> layers of ours. Keras 3, Keras 2 and TensorFlow.js write the same classes and settings
 * in slightly different frames; all are read here. Nothing of it is run. Pure.
 */

/** The weights of one layer in Keras's order, under the names that they get. */
export interface KerasWeights {
  /** Keras's own name of the layer */
  keras: string;
  names: string[];
  /** what Keras left out because it is constant there, e.g. a batch norm's gamma without scale */
  constants: { name: string; value: number }[];
}
export interface KerasModel {
  spec: ImportedSpec;
  weights: KerasWeights[];
}

type Config = Record<string, unknown>;
interface Entry {
  className: string;
  name: string;
  config: Config;
  /** Keras's names; null: the layer before */
  inputs: string[] | null;
}
interface Described {
  spec: Config;
  /** kinds of weights, in Keras's order */
  kinds?: string[];
  constants?: Record<string, number>;
}

/** Why a layer can't be taken, in words that follow its name. */
class Unsupported extends Error {}

/** Throws AppError `invalid_data` for what is no Keras model, `unsupported` whose items name every layer that can't be taken. */
export function readKerasConfig(json: unknown): KerasModel {
  const { className, config } = frameOf(json);
  const sequential = className === 'Sequential';
  if (!sequential && className !== 'Functional' && className !== 'Model')
    throw bad(`is a ${className || 'model'} of its own class. Sequential and functional models can be read`);
  const entries = entriesOf(config, sequential);
  const problems: ErrorItem[] = [];
  const layers: unknown[] = [];
  const weights: KerasWeights[] = [];
  const names = new Names();
  /** Keras's name -> ours */
  const known = new Map<string, string>();
  let input: InputSpec | null = null;
  let before = 'input';
  for (const entry of entries) {
    const attempt = () => {
      const shape = entry.config.batch_shape ?? entry.config.batch_input_shape;
      if (!input && shape !== undefined) input = inputOf(shape);
      if (entry.className === 'InputLayer') return 'input';
      const inputs = entry.inputs?.map((name) => known.get(name) ?? 'input') ?? [before];
      if (isScaling(entry) && inputs[0] === 'input') return 'input';
      const { spec, kinds = [], constants = {} } = layerOf(entry);
      const name = names.take(entry.name);
      layers.push({ ...spec, name, ...(inputs.join() !== before && { inputs }) });
      if (kinds.length > 0)
        weights.push({
          keras: entry.name,
          names: kinds.map((kind) => `${name}/${kind}`),
          constants: Object.entries(constants).map(([kind, value]) => ({ name: `${name}/${kind}`, value })),
        });
      before = name;
      return name;
    };
    try {
      known.set(entry.name, attempt());
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      problems.push({ path: entry.name, message: `Layer "${entry.name}" (${entry.className}) ${error.message}` });
    }
  }
  if (problems.length > 0)
    throw new AppError('unsupported', `${problems[0]!.message}. Can be read: ${SUPPORTED}.`, { items: problems });
  if (!input) throw bad('does not say what shape its input has. Save it after it was built, with keras.Input(shape)');
  const parsed = modelSchema.safeParse({ layers });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw bad(
      `has a layer, number ${Number(path[1] ?? 0) + 1}, that can't be taken: ${path.at(-1)?.toString()}: ${message}`,
    );
  }
  return { spec: { model: parsed.data, input }, weights };
}

/** {class_name, config}, wherever a format keeps it. */
function frameOf(json: unknown): { className: string; config: Config } {
  const top = record(json) ?? {};
  const model = record(top.model_config) ?? top;
  const config = record(model.config) ?? (Array.isArray(model.config) ? { layers: model.config } : null);
  if (typeof model.class_name !== 'string' || !config) throw bad('is not the description of a Keras model');
  return { className: model.class_name, config };
}

function entriesOf(config: Config, sequential: boolean): Entry[] {
  if (!Array.isArray(config.layers)) throw bad('lists no layers');
  if (config.layers.length > 1000) throw bad('has more than 1,000 layers');
  return config.layers.map((raw, i): Entry => {
    const layer = record(raw) ?? {};
    const own = record(layer.config) ?? {};
    const name = String(layer.name ?? own.name ?? `layer ${i + 1}`);
    const className = String(layer.class_name ?? '');
    return { className, name, config: own, inputs: sequential ? null : inboundOf(layer.inbound_nodes) };
  });
}

/** Names of what a layer of a functional model reads; Keras 3 and Keras 2 write it differently. */
function inboundOf(nodes: unknown): string[] | null {
  if (!Array.isArray(nodes) || nodes.length === 0) return [];
  if (nodes.length > 1) return ['shared', ...nodes.map(String)];
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      if (typeof value[0] === 'string' && typeof value[1] === 'number') found.push(value[0]);
      else value.forEach(walk);
      return;
    }
    const history = record(record(value)?.config)?.keras_history;
    if (Array.isArray(history)) found.push(String(history[0]));
    else if (record(value)?.args) walk(record(value)!.args);
  };
  walk(nodes[0]);
  return found;
}

function inputOf(shape: unknown): InputSpec {
  const sides = Array.isArray(shape) ? shape.slice(1) : [];
  if (!sides.every((n): n is number => Number.isInteger(n)))
    throw bad(
      `takes inputs of no fixed size (${sides.map((n) => n ?? 'any').join(' x ')}). Save it with keras.Input of a fixed height and width`,
    );
  if (sides.some((n) => n < 1 || n > 65_536))
    throw bad(`takes inputs of ${sides.join(' x ')}. A side may have 1 to 65,536`);
  if (sides.length === 1) return { kind: 'vector', features: sides[0]! };
  const [height, width, channels] = sides;
  if (sides.length !== 3 || (channels !== 1 && channels !== 3 && channels !== 4))
    throw bad(
      `takes inputs of ${sides.join(' x ')}. Images [height, width, 1, 3 or 4 channels] and vectors can be taken`,
    );
  return { kind: 'image', height: height!, width: width!, channels };
}

/** Images are fed as x / 255 here anyway. */
function isScaling({ className, config }: Entry): boolean {
  return (
    className === 'Rescaling' && Math.abs(Number(config.scale) * 255 - 1) < 1e-6 && Number(config.offset ?? 0) === 0
  );
}

function layerOf({ className, config: c, inputs }: Entry): Described {
  if (inputs?.[0] === 'shared') throw new Unsupported('is used more than once, and shares its weights with itself');
  const one = ONE[className];
  if (!one) throw new Unsupported(NESTED.has(className) ? INNER : 'is of a kind that is not known here');
  if (c.data_format === 'channels_first')
    throw new Unsupported('has its channels first; save the model with channels last');
  return one(c);
}

const NESTED = new Set(['Sequential', 'Functional', 'Model']);
const INNER =
  'is a model inside of the model: save that one by itself, model.get_layer(name).save(file), and upload it';

const ONE: Record<string, (c: Config) => Described> = {
  Dense: (c) => ({ spec: { type: 'dense', units: c.units, ...inside(c) }, kinds: withBias(c, 'kernel') }),
  Conv2D: (c) => ({ spec: { type: 'conv2d', filters: c.filters, ...window(c) }, kinds: withBias(c, 'kernel') }),
  DepthwiseConv2D: (c) => ({ spec: { type: 'depthwise_conv2d', ...depthwise(c) }, kinds: withBias(c, 'kernel') }),
  SeparableConv2D: (c) => ({
    spec: { type: 'separable_conv2d', filters: c.filters, ...depthwise(c) },
    kinds: withBias(c, 'depthwise_kernel', 'pointwise_kernel'),
  }),
  Conv2DTranspose: (c) => {
    if (c.output_padding !== null && c.output_padding !== undefined) throw new Unsupported('has an output padding');
    return { spec: { type: 'conv2d_transpose', filters: c.filters, ...window(c) }, kinds: withBias(c, 'kernel') };
  },
  MaxPooling2D: (c) => ({ spec: { type: 'max_pool2d', ...pool(c) } }),
  AveragePooling2D: (c) => ({ spec: { type: 'average_pool2d', ...pool(c) } }),
  GlobalAveragePooling2D: (c) => ({ spec: { type: 'global_average_pool2d', ...flat(c) } }),
  GlobalMaxPooling2D: (c) => ({ spec: { type: 'global_max_pool2d', ...flat(c) } }),
  Flatten: () => ({ spec: { type: 'flatten' } }),
  Reshape: (c) => ({ spec: { type: 'reshape', shape: c.target_shape } }),
  ZeroPadding2D: (c) => ({ spec: { type: 'zero_padding2d', padding: c.padding } }),
  Cropping2D: (c) => ({ spec: { type: 'cropping2d', cropping: c.cropping } }),
  UpSampling2D: (c) => ({ spec: { type: 'upsampling2d', size: c.size, interpolation: c.interpolation ?? 'nearest' } }),
  Dropout: (c) => ({ spec: { type: 'dropout', rate: c.rate } }),
  SpatialDropout2D: (c) => ({ spec: { type: 'spatial_dropout', rate: c.rate } }),
  GaussianNoise: (c) => ({ spec: { type: 'gaussian_noise', stddev: c.stddev } }),
  BatchNormalization: (c) => {
    const spec = { type: 'batch_norm', momentum: c.momentum ?? 0.99, epsilon: c.epsilon ?? 1e-3 };
    return { spec, ...normed(c, ['moving_mean', 'moving_variance']) };
  },
  LayerNormalization: (c) => {
    if (c.rms_scaling === true) throw new Unsupported('scales by the root mean square alone');
    return { spec: { type: 'layer_norm', epsilon: c.epsilon ?? 1e-3 }, ...normed(c, []) };
  },
  Activation: (c) => ({ spec: { type: 'activation', activation: activation(c.activation) } }),
  ReLU: (c) => {
    if ((c.max_value ?? null) !== null || Number(c.negative_slope ?? 0) !== 0 || Number(c.threshold ?? 0) !== 0)
      throw new Unsupported('is cut off or sloped; only the plain ReLU can be taken');
    return { spec: { type: 'activation', activation: 'relu' } };
  },
  LeakyReLU: (c) => {
    const slope = Number(c.negative_slope ?? c.alpha ?? 0.3);
    if (Math.abs(slope - 0.01) > 1e-7) throw new Unsupported(`has a slope of ${slope}; the one here is 0.01`);
    return { spec: { type: 'activation', activation: 'leaky_relu' } };
  },
  ELU: (c) => {
    if (Number(c.alpha ?? 1) !== 1) throw new Unsupported('has an alpha other than 1');
    return { spec: { type: 'activation', activation: 'elu' } };
  },
  Softmax: (c) => {
    if (last(c.axis ?? -1) !== -1) throw new Unsupported('is over another axis than the last');
    return { spec: { type: 'activation', activation: 'softmax' } };
  },
  Add: () => ({ spec: { type: 'add' } }),
  Concatenate: (c) => {
    // Of an image [batch, height, width, channels] or a vector [batch, features]; which one it is shows with the plan.
    if (![-1, 1, 3].includes(last(c.axis ?? -1))) throw new Unsupported('joins along another axis than the last');
    return { spec: { type: 'concatenate' } };
  },
};
const SUPPORTED = Object.keys(ONE).join(', ');

function inside(c: Config) {
  return { activation: activation(c.activation ?? 'linear'), bias: c.use_bias !== false };
}

function window(c: Config) {
  const dilation = c.dilation_rate ?? 1;
  if ([dilation].flat().some((d) => d !== 1)) throw new Unsupported('is dilated');
  if (Number(c.groups ?? 1) !== 1) throw new Unsupported('has groups');
  return { kernelSize: c.kernel_size, strides: c.strides ?? 1, padding: c.padding ?? 'valid', ...inside(c) };
}

function depthwise(c: Config) {
  const strides = [c.strides ?? 1].flat();
  if (strides.some((s) => s !== strides[0])) throw new Unsupported('has another stride down than across');
  return { ...window(c), strides: strides[0], depthMultiplier: c.depth_multiplier ?? 1 };
}

function pool(c: Config) {
  return { poolSize: c.pool_size ?? 2, strides: c.strides ?? c.pool_size ?? 2, padding: c.padding ?? 'valid' };
}

function flat(c: Config) {
  if (c.keepdims === true) throw new Unsupported('keeps its dimensions');
  return {};
}

function normed(c: Config, statistics: string[]): Pick<Described, 'kinds' | 'constants'> {
  if (![-1, 1, 3].includes(last(c.axis ?? -1))) throw new Unsupported('normalises another axis than the last');
  const [scale, center] = [c.scale !== false, c.center !== false];
  return {
    kinds: [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), ...statistics],
    constants: { ...(!scale && { gamma: 1 }), ...(!center && { beta: 0 }) },
  };
}

function withBias(c: Config, ...kinds: string[]): string[] {
  return c.use_bias === false ? kinds : [...kinds, 'bias'];
}

function last(axis: unknown): number {
  return Number(Array.isArray(axis) ? axis[0] : axis);
}

/** "relu", or an object that names it. */
function activation(value: unknown): Activation {
  const object = record(value);
  const name = String(object ? (typeof object.config === 'string' ? object.config : object.class_name) : value);
  const plain = name === 'silu' ? 'swish' : name;
  if (plain === 'leaky_relu') throw new Unsupported('has a leaky ReLU of slope 0.2; the one here is 0.01');
  const known = ACTIVATIONS.find((each) => each === plain);
  if (!known) throw new Unsupported(`has the activation ${name}; there are ${ACTIVATIONS.join(', ')}`);
  return known;
}

/** Keras's names as ours: lower case, letters, digits and _, each once. */
class Names {
  readonly #taken = new Set(['input']);

  take(keras: string): string {
    const plain = keras.toLowerCase().replace(/[^a-z0-9]+/g, '_');
    const start = (/^[a-z]/.test(plain) ? plain : `layer_${plain}`).slice(0, 28);
    let name = start;
    for (let n = 2; this.#taken.has(name); n++) name = `${start}_${n}`;
    this.#taken.add(name);
    return name;
  }
}

function record(value: unknown): Config | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Config) : null;
}

function bad(problem: string): AppError {
  return new AppError('invalid_data', `The model ${problem}.`);
}
