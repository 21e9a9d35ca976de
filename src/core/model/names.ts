import { AppError } from '../errors.ts';
import type { LayerSpec } from './spec.ts';

/** What `inputs` calls the model's input; in a residual block, the block's. */
export const INPUT = 'input';
/** Layers that a residual block adds to its body's by itself. */
const SHORTCUT_NAMES = ['shortcut', 'shortcut_norm'];

/**
 * A stable name for every layer of a model or of a residual block: its own, else its type and its number among the unnamed of that type ("conv2d_1").
 * Weights, the layer table and graph nodes all use it. `path`: where the layers are, for errors. O(layers).
 * Throws AppError `invalid_data` when two layers share a name or one has a name that stands for something else.
 */
export function layerNames(
  { layers }: { layers: readonly LayerSpec[] },
  path = '/model/layers',
  inBlock = false,
): string[] {
  const taken = new Map<string, number>();
  const fail = (i: number, message: string) =>
    new AppError('invalid_data', message, { items: [{ path: `${path}/${i}/name`, message }] });
  layers.forEach((layer, i) => {
    if (!layer.name) return;
    if (layer.name === INPUT)
      throw fail(i, `Layer ${i + 1} is named "input", which stands for what comes in. Rename it.`);
    if (inBlock && SHORTCUT_NAMES.includes(layer.name))
      throw fail(
        i,
        `Layer ${i + 1} is named "${layer.name}", which is the name of the block's own shortcut. Rename it.`,
      );
    const first = taken.get(layer.name);
    if (first !== undefined)
      throw fail(
        i,
        `Layers ${first + 1} and ${i + 1} are both named "${layer.name}". Rename one: weights are stored by name.`,
      );
    taken.set(layer.name, i);
  });
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    if (layer.name) return layer.name;
    let n = counts.get(layer.type) ?? 0;
    do n++;
    while (taken.has(`${layer.type}_${n}`));
    counts.set(layer.type, n);
    return `${layer.type}_${n}`;
  });
}
