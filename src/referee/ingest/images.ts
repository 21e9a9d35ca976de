import { AppError } from '#core/errors.ts';
import { type ImageLabels, imageLabels } from './labelings.ts';
import { type LabelsTable, readLabelsTable } from './labels-table.ts';
import type { Upload } from './source.ts';
import { type Archive, ZIP_LIMITS, type ZipFile } from './zip.ts';

/** The images of an archive with all their labels, the same for inspection and for the split. */

export interface ImageSet {
  archive: Archive;
  files: ZipFile[];
  names: string[];
  labels: ImageLabels[];
  table: LabelsTable | null;
}

/** libvips decodes in its own threads; more in flight than cores only costs memory. */
export const DECODE_WIDTH = 4;

/** Throws AppError `invalid_data` where nothing labels the images. */
export async function openImages(upload: Upload, filename: string): Promise<ImageSet> {
  const archive = upload.archive!;
  // The archive's own order means nothing; names give one that packing again keeps.
  const files = [...archive.images].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = files.map((f) => f.name);
  let table: LabelsTable | null = null;
  for (const file of archive.tables) {
    if (file.bytes > ZIP_LIMITS.labelsBytes)
      throw new AppError(
        'invalid_data',
        `${file.name} is larger than ${ZIP_LIMITS.labelsBytes / 2 ** 20} MB, too large for a table of labels. Leave out the columns that are no labels.`,
      );
    table = await readLabelsTable({ name: file.name, open: () => archive.stream(file) }, names);
    if (table) break;
  }
  const labels = imageLabels(names, table);
  if (!labels.length)
    throw new AppError(
      'invalid_data',
      `${filename} holds ${names.length} images but no labels. Put them into one folder a class, or add a CSV table with the columns filename and label.`,
    );
  return { archive, files, names, labels, table };
}
