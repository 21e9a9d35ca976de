/** The pixels of an image at `src`, float32 [H * W * C] in [0, 1]. Throws where the browser can't read it. */
export async function decodePixels(
  src: string,
  channels: number,
): Promise<{ x: Float32Array; height: number; width: number }> {
  const image = new Image();
  image.src = src;
  await image.decode();
  const { naturalHeight: height, naturalWidth: width } = image;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { height, width });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const x = new Float32Array(height * width * channels);
  for (let p = 0; p < height * width; p++)
    for (let k = 0; k < channels; k++) x[p * channels + k] = data[4 * p + k]! / 255;
  return { x, height, width };
}
