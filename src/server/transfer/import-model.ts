import { AppError } from '#core/errors.ts';
import { importName } from '#core/transfer/imported.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import { recordActivity } from '../activities/record-activity.ts';
import type { Actor } from '../actor.ts';
import { elsewhere } from '../elsewhere/elsewhere.ts';
import { receiveModel } from './receive-model.ts';

export interface ImportModel {
  projectId: string;
  /** of a body that is one file */
  filename?: string | undefined;
  /** default: the name of the file */
  name?: string | undefined;
  /** one file, or multipart/form-data with several */
  request: Request;
}

/** Uploads that come or wait at once, however slowly: each takes its size on the disk. */
const MOST_AT_ONCE = 4;
let underWay = 0;

/**
 * An uploaded model, converted to layers and weights of ours; nothing of the upload itself is kept.
 * @throws AppError too_large, unsupported or invalid_data that names the layer or file; too_many while others upload theirs;
 * what `elsewhere` throws
 */
export async function importModel(db: Db, blobs: BlobStore, actor: Actor, input: ImportModel): Promise<{ id: string }> {
  const { projectId } = await requireProject(db, actor, input.projectId, 'run');
  const { answer, content } = await convert(input);
  const { filename, ...converted } = answer;
  const id = crypto.randomUUID();
  const weightsKey = `models/${id}.safetensors`;
  await blobs.put(weightsKey, content);
  const name = input.name ?? importName(filename);
  try {
    await db.prisma.importedModel.create({
      data: { ...converted, id, projectId, name, filename, weightsKey, createdById: actor.userId },
    });
  } catch (error) {
    await blobs.delete(weightsKey);
    throw error;
  }
  await recordActivity(db.prisma, { projectId, userId: actor.userId, kind: 'model.imported', detail: { name } });
  return { id };
}

async function convert({ request, filename }: ImportModel) {
  if (underWay >= MOST_AT_ONCE)
    throw new AppError('too_many', `${MOST_AT_ONCE} models are being uploaded at this moment. Try again in a minute.`);
  underWay++;
  try {
    const upload = await receiveModel(request);
    try {
      const contentType = request.headers.get('content-type');
      return await elsewhere('convertModel', { contentType, filename }, { signal: request.signal, upload });
    } finally {
      await upload.close();
    }
  } finally {
    underWay--;
  }
}
