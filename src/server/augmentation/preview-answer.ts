import type { Preview } from '#core/api/schemas.ts';
import type { AugmentationPreview } from './preview-augmentation.ts';

/** A preview as REST answers it, with the pictures as data URLs where `images` says so. */
export function previewAnswer(preview: AugmentationPreview, { images }: { images: boolean }, sheet?: Buffer): Preview {
  const items = preview.items.map(({ png, ...item }) => ({ ...item, ...(png && images && { image: pngUrl(png) }) }));
  return { ...preview, ...(sheet && { sheet: pngUrl(sheet) }), items };
}

function pngUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}
