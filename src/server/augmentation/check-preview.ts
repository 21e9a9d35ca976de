import type { z } from 'zod';
import type { previewRequestSchema } from '#core/api/schemas.ts';
import { checkAugmentation } from '#core/augmentation/check-augmentation.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { requireSealed } from '../runs/check-launch.ts';

type PreviewRequest = z.output<typeof previewRequestSchema>;

/** A preview that the actor may see and the data set can take. */
export interface CheckedPreview extends Pick<PreviewRequest, 'config' | 'step'> {
  datasetId: string;
  schema: DatasetSchema;
}

/** Throws AppError invalid_data that names the amounts that this data set can't take, conflict before it is sealed. */
export async function checkPreview(
  db: Db,
  actor: Actor,
  { projectId, datasetId, config, step }: PreviewRequest & { projectId: string },
): Promise<CheckedPreview> {
  const access = await requireProject(db, actor, projectId, 'read');
  const { id, schema } = await requireSealed(db, access.projectId, datasetId);
  const problems = checkAugmentation(config.augmentation, schema);
  if (problems.length > 0) throw new AppError('invalid_data', problems[0]!.message, { items: problems });
  return { datasetId: id, schema, config, step };
}
