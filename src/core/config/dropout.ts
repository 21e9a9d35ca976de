import { removeLayers } from '../model/edit.ts';
import { layerNames } from '../model/names.ts';
import { type LayerSpec, leafLayers, type ModelSpec } from '../model/spec.ts';

type Dropout = Extract<LayerSpec, { type: 'dropout' | 'spatial_dropout' }>;
const isDropout = (layer: LayerSpec): layer is Dropout => layer.type === 'dropout' || layer.type === 'spatial_dropout';

/** What the dropout switch shows: every dropout layer's rate, in order. */
export function dropoutRates(spec: ModelSpec): number[] {
  return leafLayers(spec).flatMap((layer) => (isDropout(layer) ? [layer.rate] : []));
}

/** The same model with other rates. */
export function withDropoutRates(spec: ModelSpec, change: (rate: number) => number): ModelSpec {
  const one = <L extends LayerSpec>(layer: L): L =>
    isDropout(layer)
      ? { ...layer, rate: change(layer.rate) }
      : layer.type === 'residual'
        ? { ...layer, layers: layer.layers.map(one) }
        : layer;
  return { layers: spec.layers.map(one) };
}

/** Names of the layers that one dropout may follow: all hidden ones that hold weights, and blocks. */
export function dropoutPlaces(spec: ModelSpec, names: readonly string[]): string[] {
  const holds = (l: LayerSpec) => 'bias' in l || l.type === 'residual';
  const last = spec.layers.findLastIndex(holds);
  return spec.layers.flatMap((l, i) => (holds(l) && i < last ? [names[i]!] : []));
}

/** The same model with one dropout of `rate` after the layer at `after`, in place of any that it had. What read that layer reads the dropout. */
export function withDropout(spec: ModelSpec, after: LayerSpec, rate: number): ModelSpec {
  const place = layerNames(spec)[spec.layers.indexOf(after)];
  const { layers } = withoutDropout(spec);
  const names = layerNames({ layers });
  let name = 'dropout1';
  for (let n = 2; names.includes(name); n++) name = `dropout${n}`;
  const at = place === undefined ? -1 : names.indexOf(place);
  const behind = layers.slice(at + 1).map((layer): LayerSpec => {
    const inputs = layer.inputs?.map((source) => (source === place ? name : source));
    return inputs ? { ...layer, inputs } : layer;
  });
  return { layers: [...layers.slice(0, at + 1), { type: 'dropout', name, rate }, ...behind] };
}

export function withoutDropout(spec: ModelSpec): ModelSpec {
  return removeLayers(spec, isDropout);
}

/** `to` with the one dropout that `from` has, after the layer of the same name; as it is where either can't be told. */
export function carryDropout(from: ModelSpec, to: ModelSpec): ModelSpec {
  if (dropoutRates(from).length !== 1 || dropoutRates(to).length > 0) return to;
  const at = from.layers.findIndex(isDropout);
  const layer = from.layers[at];
  const place = to.layers.find(({ name }) => name !== undefined && name === from.layers[at - 1]?.name);
  return layer?.type === 'dropout' && place ? withDropout(to, place, layer.rate) : to;
}
