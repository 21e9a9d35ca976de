import { INPUT, layerNames } from './names.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

/**
 * The same model with `factor` times the units or filters of every hidden layer, `least` at least (a layer that has fewer keeps
 * them). Weights between two hidden layers change by the square of the factor. Kept: the units of the answer, and whatever is added to it, to the input or
 * read by a reshape. O(layers).
 */
export function scaleWidth(model: ModelSpec, factor: number, least = 1): ModelSpec {
  const fixed = fixedWidths(model);
  const scaled = (n: number) => Math.max(Math.min(n, least), Math.round(n * factor));
  const all = <L extends LayerSpec>(layers: readonly L[], prefix: string): L[] => {
    const names = layerNames({ layers });
    return layers.map((layer, i): L => {
      const name = prefix + names[i]!;
      if (layer.type === 'residual') return { ...layer, layers: all(layer.layers, `${name}/`) };
      if (fixed.has(name)) return layer;
      if ('units' in layer) return { ...layer, units: scaled(layer.units) };
      if ('filters' in layer) return { ...layer, filters: scaled(layer.filters) };
      return layer;
    });
  };
  return { layers: all(model.layers, '') };
}

/** Names of the layers whose number of channels must stay. */
function fixedWidths(model: ModelSpec): Set<string> {
  /** by a layer's name: layers with the same number of channels as it */
  const same = new Map<string, string[]>();
  /** layers whose channels decide how many it has, where that is not the same number */
  const made = new Map<string, string[]>();
  const start: string[] = [INPUT];

  const walk = (layers: readonly LayerSpec[], prefix: string, entry: string): string => {
    const names = layerNames({ layers });
    layers.forEach((layer, i) => {
      const name = prefix + names[i]!;
      const full = (source: string) => (source === INPUT ? entry : prefix + source);
      const inputs = (layer.inputs ?? [i === 0 ? INPUT : names[i - 1]!]).map(full);
      // What a block reads may have any number of channels: its shortcut projects it.
      const sources = layer.type === 'residual' ? [walk(layer.layers, `${name}/`, inputs[0]!)] : inputs;
      if (layer.type === 'flatten' || layer.type === 'concatenate' || layer.type === 'depthwise_conv2d') {
        made.set(name, sources);
        return;
      }
      if (layer.type === 'reshape') start.push(...sources, name);
      else if (!('units' in layer) && !('filters' in layer))
        for (const source of sources) {
          same.set(name, [...(same.get(name) ?? []), source]);
          same.set(source, [...(same.get(source) ?? []), name]);
        }
    });
    return prefix + names.at(-1)!;
  };
  start.push(walk(model.layers, '', INPUT));

  const fixed = new Set<string>();
  for (let next = start.pop(); next !== undefined; next = start.pop()) {
    if (fixed.has(next)) continue;
    fixed.add(next);
    start.push(...(same.get(next) ?? []), ...(made.get(next) ?? []));
  }
  return fixed;
}
