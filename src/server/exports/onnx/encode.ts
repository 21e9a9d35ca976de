import { describeModel } from '../describe.ts';
import type { ExportedModel } from '../exported-model.ts';
import { OnnxGraph } from './graph.ts';
import { channelsFirst, ONNX_LAYERS } from './layers.ts';
import { encodeOnnx } from './wire.ts';

/** input: float32 [items, H, W, C] or [items, D]; output: float32 [items, units]. What goes in and comes out is told in the file's metadata. */
export function toOnnx(model: ExportedModel): Uint8Array<ArrayBuffer> {
  const { plan, weights, schema, origin } = model;
  const graph = new OnnxGraph(weights);
  const shape = plan[0]!.input;
  const outputs = new Map([['input', shape.length === 3 ? channelsFirst(graph, 'channels_first', 'input') : 'input']]);
  for (const layer of plan) {
    const inputs = layer.inputs.map((name) => outputs.get(name)!);
    const emit = ONNX_LAYERS[layer.spec.type] as (g: OnnxGraph, l: typeof layer, x: readonly string[]) => string;
    outputs.set(layer.name, emit(graph, layer, inputs));
  }
  graph.nodes.push({
    ...{ op: 'Identity', name: 'output', output: 'output', attributes: {} },
    inputs: [outputs.get(plan.at(-1)!.name)!],
  });
  const { input, output } = describeModel(model);
  return encodeOnnx({
    nodes: graph.nodes,
    weights: graph.weights,
    input: { name: 'input', shape },
    output: { name: 'output', shape: plan.at(-1)!.output },
    description: origin,
    metadata: { origin, input, output, schema: JSON.stringify(schema) },
  });
}
