import sharp from 'sharp';

/** Decoding with libvips; one image uses one thread, several are decoded at once. */

sharp.concurrency(1);
sharp.cache(false);
/** 50 megapixels: more than any camera of a course, less than a decompression bomb. */
const MAX_PIXELS = 50_000_000;

export interface ImageShape {
  height: number;
  width: number;
  channels: 1 | 3 | 4;
}
export interface DecodedImage extends ImageShape {
  /** some pixel is not opaque */
  transparent: boolean;
  /** uint8 [H, W, C] */
  pixels: Buffer;
}

function open(bytes: Buffer) {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient();
}

/** As stored: 1 channel for grey, 3 for colour, 4 where it has alpha. Throws an Error in the person's words. */
export async function decodeImage(bytes: Buffer): Promise<DecodedImage> {
  try {
    const meta = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    const grey = meta.space === 'b-w' || meta.space === 'grey16';
    const { data, info } = await open(bytes)
      .toColourspace(grey ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const hasAlpha = info.channels === 2 || info.channels === 4;
    let transparent = false;
    if (hasAlpha)
      for (let i = info.channels - 1; i < data.length && !transparent; i += info.channels) transparent = data[i]! < 255;
    const channels = grey && !transparent ? 1 : hasAlpha && transparent ? 4 : 3;
    return { height: info.height, width: info.width, channels, transparent, pixels: data };
  } catch (error) {
    throw new Error(inWords(error), { cause: error });
  }
}

/** uint8 [H, W, C] of exactly this shape: stretched to the size, transparent parts on white unless alpha is kept. */
export async function renderImage(bytes: Buffer, shape: ImageShape): Promise<Buffer> {
  try {
    let image = open(bytes);
    if (shape.channels < 4) image = image.flatten({ background: '#fff' });
    else image = image.ensureAlpha();
    image = image.resize(shape.width, shape.height, { fit: 'fill' });
    image = shape.channels === 1 ? image.greyscale().toColourspace('b-w') : image.toColourspace('srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels === shape.channels) return data;
    return changeChannels(data, info.channels, shape.channels);
  } catch (error) {
    throw new Error(inWords(error), { cause: error });
  }
}

/** libvips keeps some grey images at one channel whatever colour space is asked for. */
function changeChannels(pixels: Buffer, from: number, to: number): Buffer {
  const n = pixels.length / from;
  const out = Buffer.alloc(n * to, 255);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < Math.min(to, 3); c++) out[i * to + c] = pixels[i * from + Math.min(c, from - 1)]!;
  return out;
}

/** A PNG of raw pixels, at most `side` wide and high; pixels are kept hard, never blurred, when enlarged. */
export async function toPng(pixels: Uint8Array, shape: ImageShape, side?: number): Promise<Buffer> {
  let image = sharp(pixels, { raw: { width: shape.width, height: shape.height, channels: shape.channels } });
  if (side) image = image.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  return image.png({ compressionLevel: 6 }).toBuffer();
}

export function pngUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}

function inWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit/i.test(message)) return 'has more than 50 million pixels';
  if (/unsupported image format/i.test(message)) return 'is not an image that can be read';
  const reason = message.split('\n')[0]!.replace(/^(Input buffer has corrupt header: )?(vips)?\w+: /, '');
  return `is damaged or cut short (${reason.slice(0, 100)})`;
}
