import sharp from 'sharp';
import { datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { notFound } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { openPack, openPartOf } from './read-pack.ts';

/** Large enough for a dense grid on a fine screen. */
const MAX_SIDE = 512;

/**
 * One image of train or validation as PNG, at its own size or smaller.
 * @throws AppError not_found, also for every item of the test part
 */
export async function getItemImage(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  datasetId: string,
  part: string,
  index: number,
): Promise<Buffer> {
  const access = await requireDataset(db, actor, datasetId, 'read');
  const open = openPartOf(part);
  const row = await db.prisma.dataset.findUniqueOrThrow({
    where: { id: access.datasetId },
    select: { state: true, schema: true },
  });
  if (row.state !== 'sealed') throw notFound('item');
  const input = inputOf(datasetSchema.parse(row.schema));
  const pack = await openPack(blobs, access.datasetId, open);
  if (input.kind !== 'image' || !Number.isSafeInteger(index) || index < 0 || index >= pack.n) throw notFound('item');
  const { height, width, channels } = input;
  return sharp(await pack.x(index), { raw: { height, width, channels } })
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}
