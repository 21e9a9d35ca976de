import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { uploadKeyOf } from '#core/data/blob-keys.ts';
import { automaticSchema } from '#core/data/decision.ts';
import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { LaunchPlan } from './launch-after-seal.ts';

export const createUploadInput = z.object({
  projectId: z.string(),
  filename: z.string().trim().min(1).max(255),
  name: z.string().trim().max(120).optional(),
  /** size of the file; NaN where the request doesn't say */
  bytes: z.union([z.number(), z.nan()]),
  /** takes what is proposed without a review */
  decision: automaticSchema.optional(),
});
export type CreateUpload = z.input<typeof createUploadInput>;

/**
 * A data set whose bytes will follow. A project has one data set; those that failed or were cancelled don't count.
 * @param afterSeal runs that are launched as soon as it is sealed
 * @returns its id
 * @throws AppError too_large, invalid_data (empty), conflict (there is one already)
 */
export async function createUpload(
  db: Db,
  actor: Actor,
  input: CreateUpload,
  maxBytes: number,
  afterSeal?: LaunchPlan,
): Promise<string> {
  const access = await requireProject(db, actor, input.projectId, 'run');
  const parsed = createUploadInput.safeParse(input);
  if (!parsed.success) throw new AppError('bad_request', `The upload does not fit: ${z.prettifyError(parsed.error)}`);
  const { bytes, decision } = parsed.data;
  const filename = path.basename(parsed.data.filename.replaceAll('\\', '/'));
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new AppError(
      'bad_request',
      'Say how large the file is before you send it: Upload-Length, or Content-Length.',
    );
  if (bytes === 0) throw new AppError('invalid_data', `${filename} is empty: 0 bytes.`);
  if (bytes > maxBytes)
    throw new AppError(
      'too_large',
      `${filename} has ${gigabytes(bytes)}; this server takes up to ${gigabytes(maxBytes)} (HOLDOUT_MAX_UPLOAD). Upload a smaller file.`,
    );
  const id = randomUUID();
  await db.prisma.$transaction(async (tx) => {
    // Two uploads at once wait for each other here, so that only one passes the check.
    await tx.$queryRaw`SELECT id FROM "Project" WHERE id = ${access.projectId}::uuid FOR UPDATE`;
    const other = await tx.dataset.findFirst({
      where: { projectId: access.projectId, state: { notIn: ['failed', 'cancelled'] } },
      select: { name: true, state: true },
    });
    if (other)
      throw new AppError(
        'conflict',
        other.state === 'sealed'
          ? `This project's data set "${other.name}" is sealed. Make a new project for other data.`
          : `"${other.name}" is being uploaded or reviewed. Finish or cancel it first.`,
      );
    await tx.dataset.create({
      data: {
        id,
        projectId: access.projectId,
        createdById: actor.userId,
        name: parsed.data.name || path.parse(filename).name,
        filename,
        bytes,
        uploadKey: uploadKeyOf(id),
        ...(decision && { decision }),
        ...(afterSeal && { afterSeal }),
      },
    });
  });
  await notify(db.pool, { topic: 'dataset', id, projectId: access.projectId });
  return id;
}

function gigabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
