import { z } from 'zod';
import { datasetSchema } from '../data/dataset-schema.ts';
import { courseRole, tokenScope } from '../people/inputs.ts';
import { anything, count, id, named, time } from './basics.ts';

/** Over the wire: who asks, and what a project and its data set are. */

export const meSchema = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    isAdmin: z.boolean(),
    token: z
      .object({ scopes: z.array(tokenScope), projectId: id.nullable() })
      .nullable()
      .describe('null for a session'),
    teams: z.array(z.object({ id, name: z.string(), course: named })).describe('the teams that you are in'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

export const courseSchema = z
  .object({ id, name: z.string(), term: z.string(), role: courseRole.nullable() })
  .meta({ id: 'Course' });

export const teamSchema = z.object({ id, name: z.string(), members: z.array(named) }).meta({ id: 'Team' });

const projectFields = {
  id,
  name: z.string(),
  team: named,
  course: named,
  testPart: z.enum(['none', 'sealed', 'committed', 'opened']).describe('where the test part stands'),
};
export const projectSummarySchema = z.object(projectFields).meta({ id: 'ProjectSummary' });
export type ProjectSummary = z.infer<typeof projectSummarySchema>;

export const projectIdSchema = named;

export const projectSchema = z
  .object({
    ...projectFields,
    createdAt: time,
    archivedAt: time.nullable(),
    runs: count,
    canWrite: z.boolean().describe('whether you may upload, launch and open here'),
  })
  .meta({ id: 'Project' });

const DATASET_STATES = [
  'uploading',
  'uploaded',
  'inspecting',
  'review',
  'confirmed',
  'splitting',
  'sealed',
  'failed',
  'cancelled',
] as const;

export const datasetIdSchema = z.object({ id });

export const datasetWireSchema = z
  .object({
    id,
    projectId: id,
    name: z.string(),
    filename: z.string(),
    bytes: count,
    state: z.enum(DATASET_STATES),
    createdAt: time,
    sealedAt: time.nullable(),
    progress: anything.describe('the running stage: {stage, done, total, message}, or null'),
    stages: z.record(z.string(), time).describe('when each stage was done'),
    report: anything.describe('what was found: the proposed decision, a preview, problems item by item'),
    decision: anything.describe('what was confirmed'),
    schema: datasetSchema.nullable().describe('null before it is sealed'),
    items: z
      .object({ train: count, validation: count, test: count })
      .nullable()
      .describe('how many items each part has; null before it is sealed'),
    splitDigest: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Dataset' });
export type DatasetWire = z.infer<typeof datasetWireSchema>;
