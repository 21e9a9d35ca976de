import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { SafeTensor } from '#core/format/safetensors.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';

/** One checkpoint with all that a format may want to say of it. */
export interface ExportedModel {
  plan: readonly LayerPlan[];
  input: InputSpec;
  task: TaskSpec;
  schema: DatasetSchema;
  /** by name: float32, of the plan's shapes */
  weights: ReadonlyMap<string, SafeTensor>;
  /** where it comes from, one line: "run first (r-0001), epoch 12" */
  origin: string;
}

/** Zeros that "same" padding puts before and after one side (TensorFlow's rule: the odd one comes after). */
export function samePadding(length: number, size: number, stride: number): [before: number, after: number] {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
