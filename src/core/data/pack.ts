import { AppError } from '../errors.ts';
import { decodeSafetensors, type SafeDtype } from '../format/safetensors.ts';
import { type DatasetSchema, inputOf, taskOf } from './dataset-schema.ts';

/**
 * A packed part is one safetensors file with two tensors, ready for a model:
 * x: uint8 [N, H, W, C] for images, float32 [N, D] encoded columns for tables;
 * y: int32 [N] classes, or float32 [N, T] targets in their own unit with NaN for missing.
 */
export interface Pack {
  x: Uint8Array | Float32Array;
  y: Int32Array | Float32Array;
  n: number;
}

/** Shapes and dtypes of a pack of `n` items. */
export function packLayout(schema: DatasetSchema, n: number) {
  const input = inputOf(schema);
  const task = taskOf(schema);
  return {
    x:
      input.kind === 'image'
        ? { shape: [n, input.height, input.width, input.channels], dtype: 'uint8' as const }
        : { shape: [n, input.features], dtype: 'float32' as const },
    y:
      task.kind === 'classification'
        ? { shape: [n], dtype: 'int32' as const }
        : { shape: [n, task.targets], dtype: 'float32' as const },
  };
}

/** Reads and checks a pack against its data set; throws AppError invalid_data that names the tensor. O(bytes); copies nothing. */
export function decodePack(bytes: Uint8Array, schema: DatasetSchema, what: string): Pack {
  const { tensors } = decodeSafetensors(bytes, what);
  const n = checkPackShapes(tensors, schema, what);
  const y = tensors.get('y')!.data as Pack['y'];
  checkLabels(y, schema, what);
  return { x: tensors.get('x')!.data as Pack['x'], y, n };
}

/** Checks shapes and dtypes without the numbers; returns the number of items. Throws AppError invalid_data that names the tensor. */
export function checkPackShapes(
  tensors: ReadonlyMap<string, { shape: number[]; dtype: SafeDtype }>,
  schema: DatasetSchema,
  what: string,
): number {
  const n = tensors.get('x')?.shape[0] ?? 0;
  const layout = packLayout(schema, n);
  for (const name of ['x', 'y'] as const) {
    const found = tensors.get(name);
    const want = layout[name];
    if (found?.dtype !== want.dtype || found.shape.join() !== want.shape.join())
      throw new AppError(
        'invalid_data',
        `${what} holds "${name}" as ${found ? `${found.dtype} [${found.shape.join(', ')}]` : 'nothing'}, ` +
          `its data set says ${want.dtype} [${want.shape.join(', ')}]. Upload the data set again.`,
      );
  }
  return n;
}

/** Throws AppError invalid_data where a class is none of the schema's. O(items). */
export function checkLabels(y: Pack['y'], schema: DatasetSchema, what: string): void {
  if ('classes' in schema && (y as Int32Array).some((label) => label < 0 || label >= schema.classes.length))
    throw new AppError('invalid_data', `${what} holds a label outside its ${schema.classes.length} classes.`);
}
