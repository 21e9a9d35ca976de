import { z } from 'zod';
import { type DatasetSchema, inputOf } from '../data/dataset-schema.ts';
import { type Lineage, sameData } from './lineage.ts';

/** How much of a test part other data holds that the weights' sources learned from. Found out by the referee at the opening, never before. */

export const sourceOverlapSchema = z.object({
  /** of the data that a source learned from */
  contentDigest: z.string(),
  splitDigest: z.string(),
  /** items of the test part that are in that data's train or validation part as well; null: could not be compared */
  testItems: z.int().min(0).nullable(),
  /** why it could not; null where it was */
  reason: z.string().nullable(),
});
export type SourceOverlap = z.infer<typeof sourceOverlapSchema>;

export interface KnownData {
  contentDigest: string;
  splitDigest: string;
}

/** The data sets other than `own` that the sources learned from, each once. Of uploads nobody here knows the data. */
export function otherData(sources: Lineage, own: KnownData): KnownData[] {
  const found = new Map<string, KnownData>();
  for (const step of sources) {
    if (step.kind !== 'run' || step.contentDigest === null || step.splitDigest === null || sameData(step, own))
      continue;
    const { contentDigest, splitDigest } = step;
    found.set(`${contentDigest} ${splitDigest}`, { contentDigest, splitDigest });
  }
  return [...found.values()];
}

/** Why items of two data sets can't be told to be the same; null where they can: pixel by pixel, or value by value. */
export function incomparable(test: DatasetSchema, other: DatasetSchema): string | null {
  const [a, b] = [inputOf(test), inputOf(other)];
  if (a.kind !== b.kind) return 'one holds images, the other rows';
  if (a.kind === 'image' && b.kind === 'image') {
    const colours = { 1: 'grey', 3: 'colour', 4: 'colour and transparency' };
    const [here, there] = [a, b].map((i) => `${i.width} x ${i.height} pixels in ${colours[i.channels as 1 | 3 | 4]}`);
    return here === there ? null : `its images are ${there}, these ${here}`;
  }
  const names = (schema: DatasetSchema) => ('columns' in schema ? schema.columns.map((c) => c.name).sort() : []);
  return names(test).join('\n') === names(other).join('\n') ? null : 'its columns have other names';
}
