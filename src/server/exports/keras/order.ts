import type { KerasLayer } from './layers.ts';

/**
 * The order in which Keras 3 walks a functional model's layers, which its weights file depends on: by depth (the longest way
 * to the answer), the deepest first, those of one depth as a walk back from the answer first meets them.
 * As keras.src.ops.function.map_graph. O(layers + connections).
 * @param layers each after what it reads; the last one's output is the answer
 */
export function kerasOrder(layers: readonly KerasLayer[]): KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<string, number>();
  const walk = [layers.at(-1)!.name];
  while (walk.length) {
    const name = walk.pop()!;
    if (met.has(name)) continue;
    met.set(name, met.size);
    walk.push(...[...(byName.get(name)?.inputs ?? [])].reverse());
  }
  const depth = new Map<string, number>();
  for (const { name, inputs } of [...layers].reverse())
    for (const input of inputs) depth.set(input, Math.max(depth.get(input) ?? 0, (depth.get(name) ?? 0) + 1));
  const deep = (layer: KerasLayer) => depth.get(layer.name) ?? 0;
  return [...layers].sort((a, b) => deep(b) - deep(a) || met.get(a.name)! - met.get(b.name)!);
}
