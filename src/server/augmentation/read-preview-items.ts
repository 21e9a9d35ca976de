import sharp from 'sharp';
import { PREVIEW_ITEMS, type PreviewSource } from '#core/augmentation/preview.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { tensorView } from '#core/format/safetensors.ts';
import type { InputSpec } from '#core/model/spec.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { openPack } from '../datasets/read-pack.ts';

/** Larger pictures are shrunk: sixteen of 4096 x 4096 in colour would be 3 GB of numbers. */
const MOST_SIDE = 512;

export interface Picture {
  height: number;
  width: number;
  channels: 1 | 3 | 4;
  /** its width over that of the data set's images */
  scale: number;
}

export interface PreviewItems {
  /** keypoints in pixels of `picture` */
  items: (Pick<PackItem, 'name' | 'label'> & PreviewSource)[];
  /** what `x` holds; null of a table */
  picture: Picture | null;
  /** false: `x` of pictures is empty */
  images: boolean;
}

/**
 * The first items of the train part: the pack's order is a hash, so they are a random sample.
 * @param images false: pictures are not read
 */
export async function readPreviewItems(
  blobs: BlobStore,
  datasetId: string,
  schema: DatasetSchema,
  images: boolean,
): Promise<PreviewItems> {
  const pack = await openPack(blobs, datasetId, 'train');
  const known = await pack.items(0, Math.min(pack.n, PREVIEW_ITEMS));
  const input = inputOf(schema);
  const picture = input.kind === 'image' ? pictureOf(input) : null;
  const x = async (i: number): Promise<Float32Array> => {
    if (input.kind !== 'image') return tensorView(await pack.x(i), 'float32') as Float32Array;
    return images ? pixelsOf(await pack.x(i), input, picture!) : new Float32Array();
  };
  const items: PreviewItems['items'] = [];
  // One after another: a raw image is up to 64 MB, and only what it is shrunk to stays.
  for (const [i, { name, label, targets }] of known.entries())
    items.push({
      name,
      ...(label === undefined ? {} : { label }),
      x: await x(i),
      targets: Float32Array.from(targets ?? [], (v) => (v ?? Number.NaN) * (picture?.scale ?? 1)),
    });
  return { items, picture, images };
}

type Images = Extract<InputSpec, { kind: 'image' }>;

function pictureOf({ height, width, channels }: Images): Picture {
  const scale = Math.min(1, MOST_SIDE / Math.max(height, width));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { height: side(height), width: side(width), channels, scale: side(width) / width };
}

/** uint8 [H, W, C] to float32 in [0, 1] at the picture's size */
async function pixelsOf(bytes: Buffer, { height, width, channels }: Images, picture: Picture): Promise<Float32Array> {
  const same = height === picture.height && width === picture.width;
  const pixels = same
    ? bytes
    : await sharp(bytes, { raw: { height, width, channels } })
        .resize(picture.width, picture.height, { fit: 'fill' })
        .raw()
        .toBuffer();
  return Float32Array.from(pixels, (v) => v / 255);
}
