import { layerNames } from '../model/names.ts';
import { type LayerSpec, leafLayers, type ModelSpec, modelSchema } from '../model/spec.ts';
import type { Remedy } from './remedy.ts';

export const batchNorm: Remedy = {
  id: 'batch_norm',
  name: 'Batch norm',
  sentences: [
    'Rescales what each hidden layer answers by the batch’s mean and spread, so that higher learning rates work.',
    'Below 8 items a batch its statistics are too noisy.',
  ],
  source: {
    label: 'Ioffe and Szegedy 2015',
    title:
      'Ioffe, Szegedy: Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift. ICML 2015',
    url: 'https://arxiv.org/abs/1502.03167',
  },
  apply(config) {
    if (hasBatchNorm(config.model)) return null;
    const model = withBatchNorm(config.model);
    return model === config.model ? null : { ...config, model };
  },
  words: ({ model }) => (hasBatchNorm(model) ? 'batch norm' : ''),
};

export function hasBatchNorm(model: ModelSpec): boolean {
  return leafLayers(model).some((l) => l.type === 'batch_norm');
}

type Weighted = Extract<LayerSpec, { type: 'dense' | 'conv2d' }>;
const isWeighted = (l: LayerSpec): l is Weighted => l.type === 'dense' || l.type === 'conv2d';

/**
 * Batch norm between every hidden layer with weights and its activation, as in the paper's section 3.2; the layer's bias,
 * which the norm would take away again, goes. The last layer with weights, the answer, stays as it is.
 */
export function withBatchNorm(model: ModelSpec): ModelSpec {
  const names = layerNames(model);
  const taken = new Set(names);
  const last = model.layers.findLastIndex(isWeighted);
  const free = (start: string) => {
    let name = start.slice(0, 32);
    for (let n = 2; taken.has(name); n++) name = `${start.slice(0, 28)}_${n}`;
    taken.add(name);
    return name;
  };
  const layers = model.layers.flatMap((layer, i): object[] => {
    if (!isWeighted(layer) || i >= last) return [layer];
    const { activation } = layer;
    return [
      { ...layer, name: names[i]!, activation: 'linear', bias: false },
      { type: 'batch_norm', name: free(`${names[i]}_norm`) },
      ...(activation === 'linear' ? [] : [{ type: 'activation', name: free(`${names[i]}_act`), activation }]),
    ];
  });
  return layers.length === model.layers.length ? model : modelSchema.parse({ layers });
}

/** The same model without its norms; a layer that had given its bias and activation away takes them back. */
export function withoutBatchNorm(model: ModelSpec): ModelSpec {
  const layers: LayerSpec[] = [];
  for (let i = 0; i < model.layers.length; i++) {
    const layer = model.layers[i]!;
    if (layer.type === 'batch_norm') continue;
    const normed = isWeighted(layer) && model.layers[i + 1]?.type === 'batch_norm' && !layer.bias;
    const after = model.layers[i + 2];
    if (normed && layer.activation === 'linear' && after?.type === 'activation') {
      layers.push({ ...layer, bias: true, activation: after.activation });
      i += 2;
    } else layers.push(normed ? { ...layer, bias: true } : layer);
  }
  return { layers };
}
