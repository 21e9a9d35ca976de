import { createHash } from 'node:crypto';
import { AppError } from '#core/errors.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import { importName } from '#core/transfer/imported.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import type { Actor } from '../actor.ts';
import { line } from '../in-line.ts';
import { readModel } from './import/read-model.ts';
import type { Files } from './import/unpack.ts';

/** Of what is sent. A model is held in memory while it is read. */
export const MAX_MODEL_BYTES = 256 * 1024 ** 2;

export interface ImportModel {
  projectId: string;
  /** of a body that is one file */
  filename?: string | undefined;
  /** default: the name of the file */
  name?: string | undefined;
  /** one file, or multipart/form-data with several */
  request: Request;
}

/** Uploads that are held in memory at once, however slowly they come. */
const MOST_AT_ONCE = 4;
let underWay = 0;
/** Converted one at a time: that takes several times the upload's memory. */
const inLine = line();

/**
 * An uploaded model, converted to layers and weights of ours; nothing of the upload itself is kept.
 * @throws AppError too_large, unsupported or invalid_data that names the layer or file; too_many while others upload theirs
 */
export async function importModel(db: Db, blobs: BlobStore, actor: Actor, input: ImportModel): Promise<{ id: string }> {
  const { projectId } = await requireProject(db, actor, input.projectId, 'run');
  const { filename, digest, format, spec, parameters, bytes } = await read(input);
  const id = crypto.randomUUID();
  const weightsKey = `models/${id}.safetensors`;
  await blobs.put(weightsKey, bytes);
  const name = input.name ?? importName(filename);
  try {
    await db.prisma.importedModel.create({
      data: {
        ...{ id, projectId, name, filename, format, digest, spec, weightsKey, parameters },
        weightsDigest: sha256(bytes),
        createdById: actor.userId,
      },
    });
  } catch (error) {
    await blobs.delete(weightsKey);
    throw error;
  }
  await recordActivity(db.prisma, { projectId, userId: actor.userId, kind: 'model.imported', detail: { name } });
  return { id };
}

async function read({ request, filename }: ImportModel) {
  if (underWay >= MOST_AT_ONCE)
    throw new AppError('too_many', `${MOST_AT_ONCE} models are being uploaded at this moment. Try again in a minute.`);
  underWay++;
  try {
    const body = await readBody(request);
    return await inLine(async () => convert(await filesOf(body, request.headers.get('content-type'), filename)));
  } finally {
    underWay--;
  }
}

async function convert(files: Files) {
  const { format, spec, weights, parameters } = await readModel(files);
  const hash = createHash('sha256');
  for (const bytes of files.values()) hash.update(bytes);
  const bytes = encodeSafetensors(weights, { spec: JSON.stringify(spec) });
  return {
    filename: [...files.keys()].join(', ').slice(0, 255),
    digest: hash.digest('hex'),
    format,
    spec,
    parameters,
    bytes,
  };
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

async function readBody(request: Request): Promise<Buffer> {
  const limit = () =>
    new AppError('too_large', `A model may take ${MAX_MODEL_BYTES / 1024 ** 2} MB. Save it without its optimiser.`);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_MODEL_BYTES) throw limit();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_MODEL_BYTES) throw limit();
    chunks.push(chunk);
  }
  if (bytes === 0)
    throw new AppError(
      'bad_request',
      'There is no body. Send the file as the body, or several as multipart/form-data.',
    );
  return Buffer.concat(chunks);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
