import sharp from 'sharp';
import type { InputSpec } from '#core/model/spec.ts';

const SIDE = 128;

/**
 * A data URL of one image, uint8 [H, W, C], at most 128 pixels wide and high. Pages of thumbnails come with their list:
 * an address for each cost a sign-in check and five queries an image.
 */
export async function thumbnail(
  pixels: Buffer,
  { height, width, channels }: Extract<InputSpec, { kind: 'image' }>,
): Promise<string> {
  const image = sharp(pixels, { raw: { height, width, channels } });
  const small = Math.max(height, width) <= SIDE;
  const bytes = small
    ? await image.png().toBuffer()
    : await image.resize(SIDE, SIDE, { fit: 'inside' }).webp({ quality: 82 }).toBuffer();
  return `data:image/${small ? 'png' : 'webp'};base64,${bytes.toString('base64')}`;
}
