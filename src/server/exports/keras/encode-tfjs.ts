import { describeModel } from '../describe.ts';
import type { ExportedModel } from '../exported-model.ts';
import { zipOf } from '../zip.ts';
import { type KerasLayer, kerasLayers } from './layers.ts';

const WEIGHTS = 'weights.bin';

/** TensorFlow.js's layers format: model.json, and the weights as one file of float32. */
export async function toTfjs(model: ExportedModel): Promise<Buffer> {
  const layers = kerasLayers(model.plan, 'tfjs');
  const names = layers.flatMap((layer) => layer.weights.map((name) => [nameOf(layer, name), name] as const));
  const json = {
    format: 'layers-model',
    generatedBy: 'Holdout',
    convertedBy: null,
    modelTopology: {
      class_name: 'Model',
      config: {
        name: 'model',
        layers: [inputLayer(model.plan[0]!.input), ...layers.map(layerConfig)],
        input_layers: [['input', 0, 0]],
        output_layers: [[layers.at(-1)!.name, 0, 0]],
      },
    },
    weightsManifest: [
      {
        paths: [WEIGHTS],
        weights: names.map(([name, ours]) => ({ name, shape: model.weights.get(ours)!.shape, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: { origin: model.origin, ...describeModel(model), schema: model.schema },
  };
  return zipOf([
    ['model.json', JSON.stringify(json)],
    [WEIGHTS, Buffer.concat(names.map(([, ours]) => bytesOf(model.weights.get(ours)!.data)))],
  ]);
}

function inputLayer(shape: readonly number[]) {
  const config = { batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false, name: 'input' };
  return { class_name: 'InputLayer', name: 'input', config, inbound_nodes: [] };
}

function layerConfig({ class: kind, name, config, inputs }: KerasLayer) {
  return {
    class_name: kind,
    name,
    config: { name, trainable: true, dtype: 'float32', ...config },
    inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])],
  };
}

function nameOf(layer: KerasLayer, weight: string): string {
  const kind = weight.slice(weight.lastIndexOf('/') + 1);
  return `${layer.name}/${layer.class === 'DepthwiseConv2D' && kind === 'kernel' ? 'depthwise_kernel' : kind}`;
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
