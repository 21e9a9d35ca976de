import type { SafeTensor } from '#core/format/safetensors.ts';
import { describeModel } from '../describe.ts';
import type { ExportedModel } from '../exported-model.ts';
import { zipOf } from '../zip.ts';
import { encodeHdf5 } from './hdf5.ts';
import { type KerasLayer, kerasLayers } from './layers.ts';
import { kerasOrder } from './order.ts';

/** The version whose files these are like: any Keras 3 since 3.0 reads them. */
const KERAS_VERSION = '3.15.1';

/** A Keras v3 archive: metadata.json, config.json and model.weights.h5, not compressed. */
export async function toKeras(model: ExportedModel): Promise<Buffer> {
  const layers = kerasLayers(model.plan, 'keras');
  const shape = model.plan[0]!.input;
  const config = {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    registered_name: 'Functional',
    config: {
      name: 'model',
      trainable: true,
      layers: [inputLayer(shape), ...layers.map((layer) => layerConfig(layer, outputsOf(layers, shape)))],
      input_layers: ['input', 0, 0],
      output_layers: [layers.at(-1)!.name, 0, 0],
    },
    build_config: { input_shape: [null, ...shape] },
    compile_config: null,
  };
  const metadata = { keras_version: KERAS_VERSION, date_saved: savedAt(), holdout: about(model) };
  return zipOf([
    ['metadata.json', JSON.stringify(metadata)],
    ['config.json', JSON.stringify(config)],
    ['model.weights.h5', await encodeHdf5(weightGroups(layers, model.weights))],
  ]);
}

function about(model: ExportedModel) {
  return { origin: model.origin, ...describeModel(model), schema: model.schema };
}

function savedAt(): string {
  return new Date().toISOString().slice(0, 19).replace('T', '@');
}

function outputsOf(layers: readonly KerasLayer[], shape: readonly number[]): ReadonlyMap<string, readonly number[]> {
  return new Map([['input', shape], ...layers.map(({ name, output }) => [name, output] as const)]);
}

function inputLayer(shape: readonly number[]) {
  return {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { batch_shape: [null, ...shape], dtype: 'float32', sparse: false, name: 'input' },
    registered_name: null,
    name: 'input',
    inbound_nodes: [],
  };
}

function layerConfig(layer: KerasLayer, outputs: ReadonlyMap<string, readonly number[]>) {
  const read = layer.inputs.map((name) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...outputs.get(name)!], dtype: 'float32', keras_history: [name, 0, 0] },
  }));
  return {
    module: 'keras.layers',
    class_name: layer.class,
    config: { name: layer.name, dtype: 'float32', ...layer.config },
    registered_name: null,
    name: layer.name,
    inbound_nodes: [{ args: read.length === 1 ? read : [read], kwargs: {} }],
  };
}

/** layers/<class>[_n]/vars/<i>: Keras counts the layers of one class in its own order. */
function weightGroups(layers: readonly KerasLayer[], weights: ReadonlyMap<string, SafeTensor>) {
  const counts = new Map<string, number>();
  const groups = new Map([['layers/input_layer/vars', { attributes: { name: 'input' }, arrays: new Map() }]]);
  for (const layer of kerasOrder(layers)) {
    const kind = snakeCase(layer.class);
    const n = counts.get(kind) ?? 0;
    counts.set(kind, n + 1);
    const arrays = new Map(layer.weights.map((name, i) => [String(i), weights.get(name)!]));
    groups.set(`layers/${n ? `${kind}_${n}` : kind}/vars`, { attributes: { name: layer.name }, arrays });
  }
  return groups;
}

/** As keras.src.utils.naming.to_snake_case: "GlobalAveragePooling2D" -> "global_average_pooling2d". */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
