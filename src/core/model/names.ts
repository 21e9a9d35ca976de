import { AppError } from '../errors.ts';
import type { ModelSpec } from './spec.ts';

/**
 * A stable name for every layer: its own, else its type and its number among the unnamed of that type ("conv2d_1").
 * Weights, the layer table and graph nodes all use it. Throws AppError `invalid_data` when two layers share a name.
 */
export function layerNames(model: ModelSpec): string[] {
  const taken = new Map<string, number>();
  model.layers.forEach((layer, i) => {
    if (!layer.name) return;
    const first = taken.get(layer.name);
    if (first !== undefined) {
      const message = `Layers ${first + 1} and ${i + 1} are both named "${layer.name}". Rename one: weights are stored by name.`;
      throw new AppError('invalid_data', message, { items: [{ path: `/model/layers/${i}/name`, message }] });
    }
    taken.set(layer.name, i);
  });
  const counts = new Map<string, number>();
  return model.layers.map((layer) => {
    if (layer.name) return layer.name;
    let n = counts.get(layer.type) ?? 0;
    do n++;
    while (taken.has(`${layer.type}_${n}`));
    counts.set(layer.type, n);
    return `${layer.type}_${n}`;
  });
}
