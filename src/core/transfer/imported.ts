import { z } from 'zod';
import { inputSchema, modelSchema } from '../model/spec.ts';

/** What an uploaded model is, once it is converted: its layers, and what one item looks like to it. */
export const importedSpecSchema = z.object({ model: modelSchema, input: inputSchema });
export type ImportedSpec = z.infer<typeof importedSpecSchema>;

/** The name of a file without what its format adds. */
export function importName(filename: string): string {
  const [first = filename] = filename.split(', ');
  return (
    first
      .replace(/\.(keras|h5|hdf5|safetensors|zip|json)$/i, '')
      .trim()
      .slice(0, 120) || 'model'
  );
}

export const IMPORT_FORMATS = ['keras', 'hdf5', 'tfjs', 'safetensors'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
