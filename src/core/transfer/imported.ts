import { z } from 'zod';
import { inputSchema, modelSchema } from '../model/spec.ts';

/** What an uploaded model is, once it is converted: its layers, and what one item looks like to it. */
export const importedSpecSchema = z.object({ model: modelSchema, input: inputSchema });
export type ImportedSpec = z.infer<typeof importedSpecSchema>;

export const IMPORT_FORMATS = ['keras', 'hdf5', 'tfjs', 'safetensors'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
