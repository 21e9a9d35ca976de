import { INPUT, layerNames } from './names.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

/** The same model without the layers that `drop` picks: what read one of them reads what that one read. A block keeps its last layer. O(layers). */
export function removeLayers(model: ModelSpec, drop: (layer: LayerSpec) => boolean): ModelSpec {
  return { layers: without(model.layers, drop) };
}

function without<L extends LayerSpec>(layers: readonly L[], drop: (layer: LayerSpec) => boolean): L[] {
  const names = layerNames({ layers });
  /** by the name of a layer that goes: what it read */
  const gone = new Map<string, string>();
  const kept: L[] = [];
  let before = INPUT;
  layers.forEach((layer, i) => {
    const read = layer.inputs ?? [i === 0 ? INPUT : names[i - 1]!];
    const inputs = read.map((source) => gone.get(source) ?? source);
    if (drop(layer) && layers.length > gone.size + 1) {
      gone.set(names[i]!, inputs[0]!);
      return;
    }
    const same = layer.inputs ? inputs.join() === layer.inputs.join() : inputs[0] === before;
    const next: L = same ? layer : { ...layer, inputs };
    kept.push(next.type === 'residual' ? { ...next, layers: without(next.layers, drop) } : next);
    before = names[i]!;
  });
  return kept;
}
