import sharp from 'sharp';
import type { Preview } from '#core/api/schemas.ts';
import { augmentationNotes } from '#core/augmentation/notes.ts';
import { type AugmentationPlan, planAugmentation } from '#core/augmentation/plan.ts';
import { type PreviewItem, previewItems, previewTargets, scaledPlan } from '#core/augmentation/preview.ts';
import { twoShares } from '#core/augmentation/two-shares.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { featureNames } from '#core/data/encode-row.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { CheckedPreview } from './check-preview.ts';
import { type Picture, type PreviewItems, readPreviewItems } from './read-preview-items.ts';

/** What REST answers, with the pictures as PNG files, and what a sheet of them must know. */
export interface AugmentationPreview extends Omit<Preview, 'items'> {
  schema: DatasetSchema;
  /** of each `png`; null of a table */
  picture: Picture | null;
  items: (Omit<Preview['items'][number], 'image'> & { png?: Buffer })[];
}

/**
 * Sixteen items of the train part, or all where it has fewer, as the first batch of a step would see them. O(pixels): of the
 * largest pictures some 200 MB of numbers and seconds, so not for the web process.
 * @param images false: without the pictures, so that none is read or drawn
 */
export async function previewAugmentation(
  blobs: BlobStore,
  { datasetId, schema, config, step }: CheckedPreview,
  images = true,
): Promise<AugmentationPreview> {
  const plain = config.mode === 'overfit_batch';
  const plan = plain ? null : planAugmentation(config.augmentation, schema, inputOf(schema));
  const found = await readPreviewItems(blobs, datasetId, schema, images);
  const seen = plan ? augmented(plan, found, config.seed, (step - 1) * config.accumulate) : unchanged(found);
  const items: AugmentationPreview['items'] = [];
  for (const [i, item] of seen.entries()) items.push(await described(item, i, found, schema));
  return {
    datasetId,
    seed: config.seed,
    step,
    augmented: plan !== null,
    notes: plan ? augmentationNotes(plan.spec, schema) : [plain ? OVERFITS : NOTHING_ON],
    ...('targets' in schema && { targets: schema.targets.map(({ name }) => name) }),
    ...('columns' in schema && { features: featureNames(schema.columns) }),
    schema,
    picture: found.picture,
    items,
  };
}

const OVERFITS = 'A run that overfits one batch trains without augmentation: items stay as they are.';
const NOTHING_ON = 'Every amount is 0: items stay as they are.';

function augmented(
  plan: AugmentationPlan,
  { items, picture, images }: PreviewItems,
  seed: number,
  step: number,
): PreviewItem[] {
  const scaled = picture ? scaledPlan(plan, picture, picture.scale) : plan;
  if (picture && !images)
    return previewTargets(scaled, items, seed, step).map((one, i) => ({ ...one, x: items[i]!.x }));
  return previewItems(scaled, items, seed, step);
}

function unchanged({ items }: PreviewItems): PreviewItem[] {
  return items.map(({ x, targets }, i) => ({ x, targets, share: 1, partner: i }));
}

async function described(
  { x, targets, share, partner }: PreviewItem,
  index: number,
  { items, picture, images }: PreviewItems,
  schema: DatasetSchema,
): Promise<AugmentationPreview['items'][number]> {
  const { name, label } = items[index]!;
  const number = (v: number) => (Number.isNaN(v) ? null : float32Digits(v / (picture?.scale ?? 1)));
  return {
    index,
    name,
    ...(label !== undefined && { label, classes: twoShares(share, label, items[partner]!.label!) }),
    ...('targets' in schema && { targets: Array.from(targets, number) }),
    blend: share < 1 && partner !== index ? { share, partner } : null,
    ...(!picture ? { features: Array.from(x, float32Digits) } : images && { png: await pngOf(x, picture) }),
  };
}

/** 0.1, not 0.10000000149011612. */
function float32Digits(value: number): number {
  return Number(value.toPrecision(7));
}

function pngOf(x: Float32Array, { height, width, channels }: Picture): Promise<Buffer> {
  const pixels = Uint8ClampedArray.from(x, (v) => 255 * v);
  return sharp(pixels, { raw: { height, width, channels } }).png().toBuffer();
}
