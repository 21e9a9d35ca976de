import { AppError } from '#core/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#core/export-formats.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import { toExample } from './example/encode-example.ts';
import type { ExportedModel } from './exported-model.ts';
import { toKeras } from './keras/encode-keras.ts';
import { toTfjs } from './keras/encode-tfjs.ts';
import { KERAS_LAYERS, tfjsCannot } from './keras/layers.ts';
import { toOnnx } from './onnx/encode.ts';
import { ONNX_LAYERS } from './onnx/layers.ts';

interface Encoder {
  /** the types of layers that it has words for; null: any */
  layers: object | null;
  /** of those, ones whose settings it has no words for */
  cannot?: (layer: LayerPlan) => boolean;
  encode(model: ExportedModel): Uint8Array | Promise<Uint8Array>;
}

const ENCODERS: Record<ExportFormat, Encoder> = {
  keras: { layers: KERAS_LAYERS, encode: toKeras },
  tfjs: { layers: KERAS_LAYERS, cannot: tfjsCannot, encode: toTfjs },
  onnx: { layers: ONNX_LAYERS, encode: toOnnx },
  safetensors: { layers: null, encode: ({ weights, origin }) => encodeSafetensors(weights, { origin }) },
  example: { layers: ONNX_LAYERS, encode: toExample },
};

/** Why the format can't hold the model: a sentence that names each layer; null where it can. O(layers). */
export function whyNot(format: ExportFormat, plan: readonly LayerPlan[]): string | null {
  const { layers, cannot } = ENCODERS[format];
  const foreign = plan.filter((layer) => (layers && !(layer.spec.type in layers)) || cannot?.(layer));
  if (foreign.length === 0) return null;
  const names = foreign.map(({ name, spec }) => `"${name}" (${spec.type})`).join(', ');
  return `${EXPORT_FORMATS[format].name} can't hold layer ${names}. Export it as safetensors.`;
}

/** The file's bytes. Throws AppError `invalid_data` that names the layers that the format can't hold. */
export async function encodeModel(format: ExportFormat, model: ExportedModel): Promise<Uint8Array> {
  const reason = whyNot(format, model.plan);
  if (reason) throw new AppError('invalid_data', reason);
  return ENCODERS[format].encode(model);
}
