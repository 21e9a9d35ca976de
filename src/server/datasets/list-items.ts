import { z } from 'zod';
import { datasetSchema } from '#core/data/dataset-schema.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { openPack, openPartOf } from './read-pack.ts';

export const listItemsInput = z.object({
  datasetId: z.string(),
  part: z.string(),
  /** of a classification */
  label: z.string().optional(),
  from: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
});

export interface ItemPage {
  /** with that label */
  total: number;
  items: (PackItem & { index: number })[];
}

/** Items of train or validation, in the order of the pack (a hash, so any page is a random sample). O(page), with a label O(n). */
export async function listItems(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  input: z.input<typeof listItemsInput>,
): Promise<ItemPage> {
  const { datasetId, part, label, from, limit } = listItemsInput.parse(input);
  const access = await requireDataset(db, actor, datasetId, 'read');
  const { state, schema } = await db.prisma.dataset.findUniqueOrThrow({
    where: { id: access.datasetId },
    select: { state: true, schema: true },
  });
  const open = openPartOf(part);
  if (state !== 'sealed') throw new AppError('conflict', 'Items can be browsed once the data set is split and sealed.');
  const pack = await openPack(blobs, access.datasetId, open);
  if (label === undefined) {
    const to = Math.min(pack.n, from + limit);
    const items = from < to ? await pack.items(from, to) : [];
    return { total: pack.n, items: items.map((item, k) => ({ ...item, index: from + k })) };
  }
  const parsed = datasetSchema.parse(schema);
  const wanted = 'classes' in parsed ? parsed.classes.indexOf(label) : -1;
  if (wanted < 0) throw new AppError('bad_request', `There is no class "${label}" in this data set.`);
  const places: number[] = [];
  (await pack.labels()).forEach((found, index) => {
    if (found === wanted) places.push(index);
  });
  const items = await Promise.all(
    places.slice(from, from + limit).map(async (index) => ({ ...(await pack.items(index, index + 1))[0]!, index })),
  );
  return { total: places.length, items };
}
