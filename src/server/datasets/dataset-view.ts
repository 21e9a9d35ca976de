import { datasetSchema } from '#core/data/dataset-schema.ts';
import type { Prisma } from '#db/client.ts';

export const datasetSelect = {
  id: true,
  projectId: true,
  name: true,
  filename: true,
  bytes: true,
  state: true,
  createdAt: true,
  sealedAt: true,
  uploadKey: true,
  progress: true,
  stages: true,
  report: true,
  decision: true,
  schema: true,
  nTrain: true,
  nValidation: true,
  nTest: true,
  splitDigest: true,
  error: true,
  createdBy: { select: { name: true } },
} satisfies Prisma.DatasetSelect;

type Row = Prisma.DatasetGetPayload<{ select: typeof datasetSelect }>;

/**
 * A data set as pages and scripts see it. Before it is sealed, what the split will be is nobody's business. The digest of the
 * content stays inside until the certificate carries it: it covers the test part's answers, so that guesses could be
 * checked against it, and it salts the order of the split, so that one could work out which part a known item is in.
 */
export function datasetView({ nTrain, nValidation, nTest, uploadKey, createdBy, bytes, schema, ...row }: Row) {
  const sealed = row.state === 'sealed';
  return {
    ...row,
    bytes: Number(bytes),
    stages: row.stages as Record<string, string>,
    progress: row.progress as { stage: string; done: number; total: number | null } | null,
    report: sealed || row.state === 'failed' ? (row.report as unknown) : null,
    schema: sealed ? datasetSchema.parse(schema) : null,
    items: sealed ? { train: nTrain!, validation: nValidation!, test: nTest! } : null,
    splitDigest: sealed ? row.splitDigest : null,
    createdBy: createdBy.name,
    uploadDeleted: uploadKey === null,
  };
}
export type DatasetView = ReturnType<typeof datasetView>;
