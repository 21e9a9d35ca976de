import { z } from 'zod';
import type { InputSpec, TaskSpec } from '../model/spec.ts';

/** What ingest found out about a data set and every later step relies on. Statistics come from the train part only. */

export const KINDS = [
  'image-classification',
  'image-keypoints',
  'tabular-classification',
  'tabular-regression',
] as const;
export const kindSchema = z.enum(KINDS);
export type DatasetKind = z.infer<typeof kindSchema>;

const image = z.object({
  height: z.int(),
  width: z.int(),
  channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
});

/** Numeric: (x - mean) / std, missing -> 0 plus an indicator where `missing`. Categorical: one-hot over `categories`, unknown or missing -> zeros. */
export const columnSchema = z.discriminatedUnion('type', [
  z.object({
    name: z.string(),
    type: z.literal('numeric'),
    mean: z.number(),
    std: z.number().positive(),
    missing: z.boolean(),
  }),
  z.object({ name: z.string(), type: z.literal('categorical'), categories: z.array(z.string()) }),
]);
export type ColumnEncoding = z.infer<typeof columnSchema>;

/** The network learns (y - offset) / scale. Keypoints: offset = scale = half the image's side, so targets lie in [-1, 1]. Tables: mean and standard deviation of the train part. */
export const targetSchema = z.object({ name: z.string(), offset: z.number(), scale: z.number().positive() });

export const datasetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image-classification'), image, classes: z.array(z.string()).min(2) }),
  z.object({ kind: z.literal('image-keypoints'), image, targets: z.array(targetSchema).min(1) }),
  z.object({
    kind: z.literal('tabular-classification'),
    columns: z.array(columnSchema),
    features: z.int(),
    target: z.string(),
    classes: z.array(z.string()).min(2),
  }),
  z.object({
    kind: z.literal('tabular-regression'),
    columns: z.array(columnSchema),
    features: z.int(),
    targets: z.array(targetSchema).min(1),
  }),
]);
export type DatasetSchema = z.infer<typeof datasetSchema>;

export function inputOf(schema: DatasetSchema): InputSpec {
  return 'image' in schema ? { kind: 'image', ...schema.image } : { kind: 'vector', features: schema.features };
}

export function taskOf(schema: DatasetSchema): TaskSpec {
  if ('classes' in schema) return { kind: 'classification', classes: schema.classes.length };
  return {
    kind: 'regression',
    targets: schema.targets.length,
    offset: schema.targets.map((t) => t.offset),
    scale: schema.targets.map((t) => t.scale),
    unit: schema.kind === 'image-keypoints' ? 'pixels' : schema.targets.length === 1 ? schema.targets[0]!.name : '',
  };
}

/** The metric a page leads with: its name in series (`accuracy/validation`), and which way is better. */
export function leadMetric(task: Pick<TaskSpec, 'kind'>): { name: 'accuracy' | 'rmse'; direction: 'max' | 'min' } {
  return task.kind === 'classification' ? { name: 'accuracy', direction: 'max' } : { name: 'rmse', direction: 'min' };
}
