import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { type SafeTensor, tensorView } from '#core/format/safetensors.ts';
import type { KerasArrays } from './hdf5.ts';
import type { Files } from './unpack.ts';

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string()).min(1),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        quantization: z.unknown().optional(),
      }),
    ),
  }),
);

/** The weights of a TensorFlow.js layers model: model.json names the files that hold them, one after the other. Throws AppError invalid_data. */
export function readTfjsArrays(manifest: unknown, files: Files): KerasArrays {
  const groups = manifestSchema.safeParse(manifest);
  if (!groups.success) throw bad('has no weightsManifest that lists its weights');
  const arrays: KerasArrays = new Map();
  const taken = new Set<string>();
  for (const { paths, weights } of groups.data) {
    const parts = paths.map((path) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const file = files.get(name);
      if (!file)
        throw bad(`names the file "${path}", which was not uploaded with it. Choose all files at once, or zip them`);
      if (taken.has(name)) throw bad(`names the file "${path}" twice`);
      taken.add(name);
      return file;
    });
    const bytes = Buffer.concat(parts);
    let at = 0;
    for (const { name, shape, dtype, quantization } of weights) {
      if (dtype !== 'float32' || quantization !== undefined)
        throw bad(`holds "${name}" ${quantization ? 'quantised' : `as ${dtype}`}; float32 can be taken`);
      const size = 4 * shape.reduce((a, b) => a * b, 1);
      if (at + size > bytes.length) throw bad(`describes more weights than ${paths.join(', ')} holds`);
      const tensor: SafeTensor = { shape, dtype, data: tensorView(bytes.subarray(at, at + size), dtype) };
      at += size;
      const layer = name.split('/').at(-2) ?? name;
      const known = arrays.get(layer);
      if (known) known.push(tensor);
      else arrays.set(layer, [tensor]);
    }
    if (at !== bytes.length) throw bad(`describes ${at} bytes of weights, ${paths.join(', ')} holds ${bytes.length}`);
  }
  return arrays;
}

function bad(problem: string): AppError {
  return new AppError('invalid_data', `model.json ${problem}.`);
}
