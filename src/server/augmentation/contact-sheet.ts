import sharp from 'sharp';
import type { AugmentationSpec } from '#core/augmentation/spec.ts';
import { AppError } from '#core/errors.ts';
import type { AugmentationPreview } from './preview-augmentation.ts';
import { sheetDrawing } from './sheet-drawing.ts';
import { layOut, SHEET } from './sheet-layout.ts';

/** One PNG of all pictures, 4 a row, with keypoints as dots and what each item is under it. Throws AppError bad_request of a table. */
export async function contactSheet(preview: AugmentationPreview, spec: AugmentationSpec | null): Promise<Buffer> {
  const { picture, items } = preview;
  if (!picture)
    throw new AppError(
      'bad_request',
      'The items of this data set are rows of a table, so there is no sheet of pictures. Leave format and sheet (-o in the command) out.',
    );
  const layout = layOut(picture, items.length);
  const { zoom, places, width, height } = layout;
  const pictures = items.map(async ({ png }, i) => {
    const size = [zoom * picture.width, zoom * picture.height] as const;
    const input = await sharp(png)
      .resize(...size, { kernel: 'nearest' })
      .png()
      .toBuffer();
    return { input, left: places[i]!.x, top: places[i]!.y };
  });
  const drawing = { input: Buffer.from(sheetDrawing(preview, spec, layout)), left: 0, top: 0 };
  return sharp({ create: { width, height, channels: 3, background: SHEET.paper } })
    .composite([...(await Promise.all(pictures)), drawing])
    .removeAlpha()
    .png()
    .toBuffer();
}
