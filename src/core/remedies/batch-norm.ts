import { removeLayers } from '../model/edit.ts';
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

type Weighted = Extract<LayerSpec, { bias: boolean; activation: unknown }>;
const isWeighted = (l: LayerSpec): l is Weighted => 'bias' in l && 'activation' in l;

/**
 * Batch norm between every hidden layer with weights and its activation, as in the paper's section 3.2; the layer's bias,
 * which the norm would take away again, goes. The last layer with weights, the answer, stays as it is. O(layers).
 */
export function withBatchNorm(model: ModelSpec): ModelSpec {
  const answer = model.layers.findLast(isWeighted);
  const layers = normed(model.layers, answer);
  return layers.length === model.layers.length && !model.layers.some((l) => l.type === 'residual')
    ? model
    : modelSchema.parse({ layers });
}

function normed(layers: readonly LayerSpec[], answer: LayerSpec | undefined): object[] {
  const names = layerNames({ layers });
  const taken = new Set(names);
  const free = (start: string) => {
    let name = start.slice(0, 32);
    for (let n = 2; taken.has(name); n++) name = `${start.slice(0, 28)}_${n}`;
    taken.add(name);
    return name;
  };
  /** by the name of a layer: the norm or activation that now stands for it */
  const stands = new Map<string, string>();
  return layers.flatMap((layer, i): object[] => {
    const inputs = layer.inputs?.map((source) => stands.get(source) ?? source);
    const read = inputs ? { ...layer, inputs } : layer;
    if (layer.type === 'residual') return [{ ...read, layers: normed(layer.layers, answer) }];
    if (!isWeighted(layer) || layer === answer) return [read];
    const { activation } = layer;
    const norm = free(`${names[i]}_norm`);
    const act = activation === 'linear' ? null : free(`${names[i]}_act`);
    stands.set(names[i]!, act ?? norm);
    return [
      { ...read, name: names[i]!, activation: 'linear', bias: false },
      { type: 'batch_norm', name: norm },
      ...(act ? [{ type: 'activation', name: act, activation }] : []),
    ];
  });
}

/** The same model without its norms; a layer that had given its bias and activation away takes them back. */
export function withoutBatchNorm(model: ModelSpec): ModelSpec {
  const folded = new Set<LayerSpec>();
  const given = <L extends LayerSpec>(layers: readonly L[]): L[] =>
    layers.map((layer, i): L => {
      if (layer.type === 'residual') return { ...layer, layers: given(layer.layers) };
      const [norm, after] = [layers[i + 1], layers[i + 2]];
      if (!isWeighted(layer) || layer.bias || norm?.type !== 'batch_norm' || norm.inputs) return layer;
      const takes = layer.activation === 'linear' && after?.type === 'activation' && !after.inputs;
      if (takes) folded.add(after);
      return { ...layer, bias: true, ...(takes && { activation: after.activation }) };
    });
  return removeLayers({ layers: given(model.layers) }, (layer) => layer.type === 'batch_norm' || folded.has(layer));
}
