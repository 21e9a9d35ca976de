import type { LayerSpec, ModelSpec } from './spec.ts';

/**
 * The same model with `factor` times the units or filters of every hidden layer, one at least. The last layer with weights,
 * the answer, keeps its units. Weights between two hidden layers change by the square of the factor. O(layers).
 */
export function scaleWidth(model: ModelSpec, factor: number): ModelSpec {
  const last = model.layers.findLastIndex((l) => l.type === 'dense' || l.type === 'conv2d');
  const scaled = (n: number) => Math.max(1, Math.round(n * factor));
  return {
    layers: model.layers.map((layer, i): LayerSpec => {
      if (i >= last) return layer;
      if (layer.type === 'dense') return { ...layer, units: scaled(layer.units) };
      if (layer.type === 'conv2d') return { ...layer, filters: scaled(layer.filters) };
      return layer;
    }),
  };
}
