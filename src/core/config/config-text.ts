import { type LayerSpec, layerSchema, type ModelSpec } from '../model/spec.ts';
import type { RunConfig } from './run-config.ts';

/** A configuration as people read and type it: one layer a line, and nothing that the schema would fill in by itself. */

export function configText(config: RunConfig): string {
  const { model, ...rest } = config;
  const others = JSON.stringify(rest, null, 2).slice(2);
  return `{\n  "model": {\n    "layers": ${layersText(model, '    ')}\n  },\n${others}`;
}

export function layersText(model: ModelSpec, indent = ''): string {
  return `[\n${model.layers.map((layer) => `${indent}  ${layerText(layer, `${indent}  `)}`).join(',\n')}\n${indent}]`;
}

function layerText(layer: LayerSpec, indent: string): string {
  const entries = Object.entries(withoutDefaults(layer)).filter(([, v]) => v !== undefined);
  const texts = entries.map(([k, v]) =>
    k === 'layers' ? `"layers": ${layersText({ layers: v as LayerSpec[] }, indent)}` : `"${k}": ${JSON.stringify(v)}`,
  );
  return `{ ${texts.join(', ')} }`;
}

/** Drops each property that the schema gives back by itself. */
function withoutDefaults(layer: LayerSpec): object {
  const short: Record<string, unknown> = { ...layer };
  for (const key of Object.keys(layer)) {
    const { [key]: value, ...rest } = short;
    const parsed = layerSchema.safeParse(rest);
    if (parsed.success && JSON.stringify((parsed.data as Record<string, unknown>)[key]) === JSON.stringify(value))
      delete short[key];
  }
  return short;
}
