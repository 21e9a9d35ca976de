import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import type { z } from 'zod';
import type { Preview, previewRequestSchema } from '#core/api/schemas.ts';
import { checkAugmentation } from '#core/augmentation/check-augmentation.ts';
import { augmentationNotes } from '#core/augmentation/notes.ts';
import { type AugmentationPlan, planAugmentation } from '#core/augmentation/plan.ts';
import { type PreviewItem, previewInPieces, previewTargets, scaledPlan } from '#core/augmentation/preview.ts';
import { twoShares } from '#core/augmentation/two-shares.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { featureNames } from '#core/data/encode-row.ts';
import { AppError } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { line } from '../in-line.ts';
import { requireSealed } from '../runs/check-launch.ts';
import { type Picture, type PreviewItems, readPreviewItems } from './read-preview-items.ts';

export type PreviewRequest = z.output<typeof previewRequestSchema> & {
  projectId: string;
  /** false: without the pictures, so that none is read or drawn */
  images?: boolean;
};

/** What REST answers, with the pictures as PNG files, and what a sheet of them must know. */
export interface AugmentationPreview extends Omit<Preview, 'items'> {
  schema: DatasetSchema;
  /** of each `png`; null of a table */
  picture: Picture | null;
  items: (Omit<Preview['items'][number], 'image'> & { png?: Buffer })[];
}

/** Sixteen of the largest pictures are some 200 MB of numbers while they are drawn: the process makes one preview at a time. */
const inLine = line();

/**
 * Sixteen items of the train part, or all where it has fewer, as the first batch of a step would see them.
 * Throws AppError invalid_data that names the amounts that this data set can't take, conflict before it is sealed. O(pixels).
 */
export async function previewAugmentation(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  { projectId, datasetId, config, step, images = true }: PreviewRequest,
): Promise<AugmentationPreview> {
  const access = await requireProject(db, actor, projectId, 'read');
  const { id, schema } = await requireSealed(db, access.projectId, datasetId);
  const problems = checkAugmentation(config.augmentation, schema);
  if (problems.length > 0) throw new AppError('invalid_data', problems[0]!.message, { items: problems });
  const plain = config.mode === 'overfit_batch';
  const plan = plain ? null : planAugmentation(config.augmentation, schema, inputOf(schema));
  const { picture, items } = await inLine(async () => {
    const found = await readPreviewItems(blobs, id, schema, images);
    const seen = plan ? await augmented(plan, found, config.seed, (step - 1) * config.accumulate) : unchanged(found);
    const items: AugmentationPreview['items'] = [];
    for (const [i, item] of seen.entries()) items.push(await described(item, i, found, schema));
    return { picture: found.picture, items };
  });
  return {
    datasetId: id,
    seed: config.seed,
    step,
    augmented: plan !== null,
    notes: plan ? augmentationNotes(plan.spec, schema) : [plain ? OVERFITS : NOTHING_ON],
    ...('targets' in schema && { targets: schema.targets.map(({ name }) => name) }),
    ...('columns' in schema && { features: featureNames(schema.columns) }),
    schema,
    picture,
    items,
  };
}

const OVERFITS = 'A run that overfits one batch trains without augmentation: items stay as they are.';
const NOTHING_ON = 'Every amount is 0: items stay as they are.';

async function augmented(
  plan: AugmentationPlan,
  { items, picture, images }: PreviewItems,
  seed: number,
  step: number,
): Promise<PreviewItem[]> {
  const scaled = picture ? scaledPlan(plan, picture, picture.scale) : plan;
  if (picture && !images)
    return previewTargets(scaled, items, seed, step).map((one, i) => ({ ...one, x: items[i]!.x }));
  const pieces = previewInPieces(scaled, items, seed, step);
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
    await setImmediate();
  }
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
