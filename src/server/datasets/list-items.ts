import { z } from 'zod';
import { type DatasetSchema, datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type OpenPack, openPack, openPartOf } from './read-pack.ts';
import { thumbnail } from './thumbnail.ts';

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
  /** `image`: data URL of a thumbnail, where items are images */
  items: (PackItem & { index: number; image?: string })[];
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
  const parsed = datasetSchema.parse(schema);
  const places = label === undefined ? null : await placesOf(pack, parsed, label);
  const total = places?.length ?? pack.n;
  const to = Math.min(total, from + limit);
  const items = places
    ? await Promise.all(places.slice(from, to).map(async (k) => ({ ...(await pack.items(k, k + 1))[0]!, index: k })))
    : from < to
      ? (await pack.items(from, to)).map((item, k) => ({ ...item, index: from + k }))
      : [];
  const shape = inputOf(parsed);
  if (shape.kind !== 'image') return { total, items };
  const image = async (index: number) => thumbnail(await pack.x(index), shape);
  return { total, items: await Promise.all(items.map(async (item) => ({ ...item, image: await image(item.index) }))) };
}

async function placesOf(pack: OpenPack, schema: DatasetSchema, label: string): Promise<number[]> {
  const wanted = 'classes' in schema ? schema.classes.indexOf(label) : -1;
  if (wanted < 0) throw new AppError('bad_request', `There is no class "${label}" in this data set.`);
  const places: number[] = [];
  (await pack.labels()).forEach((found, index) => {
    if (found === wanted) places.push(index);
  });
  return places;
}
