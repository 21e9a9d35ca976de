import { previewSchema } from '#core/api/schemas.ts';
import { FileBlobs } from '#db/blobs/index.ts';
import type { Made } from '../elsewhere/serve-jobs.ts';
import type { CheckedPreview } from './check-preview.ts';
import { contactSheet } from './contact-sheet.ts';
import { previewAnswer } from './preview-answer.ts';
import { previewAugmentation } from './preview-augmentation.ts';

export interface DrawPreview {
  /** folder of the blobs */
  root: string;
  preview: CheckedPreview;
  /** the sheet as a file; else JSON, with the pictures and the sheet as asked */
  answer: 'png' | { images: boolean; sheet: boolean };
}

/** A preview that draws, as the bytes that REST answers: 30 MB of JSON take the web process too long, too. */
export async function drawPreview({ root, preview: checked, answer }: DrawPreview): Promise<Made> {
  const preview = await previewAugmentation(new FileBlobs(root), checked);
  const sheet = () => contactSheet(preview, checked.config.augmentation);
  if (answer === 'png') return { content: await sheet() };
  const json = previewAnswer(preview, answer, answer.sheet ? await sheet() : undefined);
  return { content: Buffer.from(`${JSON.stringify(previewSchema.parse(json))}\n`) };
}
