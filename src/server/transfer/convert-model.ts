import { createHash } from 'node:crypto';
import { AppError } from '#core/errors.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import type { Made } from '../elsewhere/serve-jobs.ts';
import { type ReadModel, readModel } from './import/read-model.ts';
import type { Files } from './import/unpack.ts';

export interface ConvertModel {
  /** of what was uploaded */
  contentType: string | null;
  /** of a body that is one file */
  filename: string | undefined;
}

export interface Converted extends Omit<ReadModel, 'weights'> {
  /** of all files that were uploaded */
  filename: string;
  /** SHA-256 of what was uploaded */
  digest: string;
  /** SHA-256 of `content` */
  weightsDigest: string;
}

/**
 * An uploaded model as safetensors. Takes several times the upload's memory.
 * @throws AppError bad_request, unsupported or invalid_data that names the layer or file, too_large
 */
export async function convertModel(
  { contentType, filename }: ConvertModel,
  upload: () => Buffer,
): Promise<Made & { answer: Converted }> {
  const files = await filesOf(upload(), contentType, filename);
  const { format, spec, weights, parameters } = await readModel(files);
  const hash = createHash('sha256');
  for (const bytes of files.values()) hash.update(bytes);
  const content = encodeSafetensors(weights, { spec: JSON.stringify(spec) });
  const answer = {
    filename: [...files.keys()].join(', ').slice(0, 255),
    digest: hash.digest('hex'),
    weightsDigest: createHash('sha256').update(content).digest('hex'),
    ...{ format, spec, parameters },
  };
  return { answer, content };
}

async function filesOf(body: Buffer, given: string | null, filename: string | undefined): Promise<Files> {
  const type = given ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) return new Map([[filename ?? 'model', body]]);
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError('bad_request', 'The body is not multipart/form-data as its Content-Type says.', { cause });
    });
  const files = new Map<string, Buffer>();
  for (const [, value] of form)
    if (value instanceof File) files.set(value.name, Buffer.from(await value.arrayBuffer()));
  if (files.size === 0)
    throw new AppError('bad_request', 'There is no file in the form. Send each as a part with a file name.');
  return files;
}
