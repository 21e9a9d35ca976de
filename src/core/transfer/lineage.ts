import { z } from 'zod';

/** Where weights came from, told in full: no source needs to exist any more for it to be read. */

const taken = {
  /** the last layer whose weights were taken over; null: all */
  cutAfter: z.string().nullable(),
  /** names of the layers whose weights were taken over */
  layers: z.array(z.string()),
  /** SHA-256 of the weights file */
  weightsDigest: z.string(),
};

export const lineageStepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    runId: z.string(),
    number: z.int(),
    name: z.string(),
    projectId: z.string(),
    project: z.string(),
    team: z.string(),
    /** the epoch, counted from 1, whose weights they are */
    epoch: z.int(),
    dataset: z.string(),
    /** of the data that it was trained on */
    contentDigest: z.string().nullable(),
    splitDigest: z.string().nullable(),
    ...taken,
  }),
  z.object({
    kind: z.literal('model'),
    modelId: z.string(),
    name: z.string(),
    filename: z.string(),
    format: z.string(),
    /** SHA-256 of the uploaded file */
    fileDigest: z.string(),
    ...taken,
  }),
]);
export type LineageStep = z.infer<typeof lineageStepSchema>;

/** Steps of one lineage: a launch that would make it longer is refused. */
export const MOST_STEPS = 100;
/** The source first, then the source's own source, and so on. */
export const lineageSchema = z.array(lineageStepSchema).max(MOST_STEPS);
export type Lineage = z.infer<typeof lineageSchema>;

interface Data {
  contentDigest: string | null;
  splitDigest: string | null;
}

/**
 * Sources that learned from other data than these, or from what nobody here knows (uploads): some of their items may lie in this
 * test part, since a part of the same file under another name has another digest.
 */
export function learntElsewhere(sources: Lineage, data: Data): Lineage {
  return sources.filter((step) => step.kind === 'model' || !sameData(step, data));
}

/** The same content under the same split; what has no digest yet is not known to be the same. */
export function sameData(a: Data, b: Data): boolean {
  return a.contentDigest !== null && a.contentDigest === b.contentDigest && a.splitDigest === b.splitDigest;
}

/**
 * Whether a source learned from the same items under another split: then some of them may lie in this project's test part.
 * @returns the first such source
 */
export function sawOtherSplit(sources: Lineage, data: Data): LineageStep | undefined {
  return sources.find(
    (step) =>
      step.kind === 'run' &&
      step.contentDigest !== null &&
      step.contentDigest === data.contentDigest &&
      step.splitDigest !== data.splitDigest,
  );
}
