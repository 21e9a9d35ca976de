import { z } from 'zod';
import { runConfigSchema } from '../config/run-config.ts';
import { MAX_STEP } from '../run/series.ts';
import { count, id } from './basics.ts';

/** Over the wire: items of the train part as a step of a run would see them. */

export const previewRequestSchema = z
  .strictObject({
    config: runConfigSchema
      .partial({ model: true, optimizer: true, learningRate: true, batchSize: true, epochs: true })
      .meta({ id: 'RunConfigPart' })
      .describe('as a launch takes it, or part of it: augmentation, seed, mode and accumulate count'),
    step: z.int().min(1, 'Steps count from 1.').max(MAX_STEP).default(1).describe('counted from 1'),
    datasetId: z.string().optional().describe("default: the project's sealed data set"),
  })
  .meta({ id: 'PreviewRequest' });

const itemSchema = z.object({
  index: count.describe('place in the train part'),
  name: z.string(),
  label: z.string().optional().describe('of a classification: the class of the item itself'),
  classes: z
    .array(z.object({ name: z.string(), share: z.number() }))
    .optional()
    .describe('of a classification: what the model is asked for; under mixup the shares of two classes'),
  targets: z
    .array(z.number().nullable())
    .optional()
    .describe('else: in the order of `targets`, in their own unit; null where missing or moved out of the picture'),
  blend: z
    .object({
      share: z.number().describe('of the item itself; the rest is the partner’s'),
      partner: count.describe('place among these items'),
    })
    .nullable()
    .describe('null where the item is blended with no other'),
  image: z.string().optional().describe('of images, unless they are left out: PNG as a data URL'),
  features: z.array(z.number()).optional().describe('of tables: in the order of `features`, as the model takes them'),
});

export const previewSchema = z
  .object({
    datasetId: id,
    seed: count,
    step: count,
    augmented: z.boolean().describe('false where the run would see these items as they are; `notes` says why'),
    notes: z.array(z.string()).describe('what to mind, in words'),
    targets: z.array(z.string()).optional().describe('names of the targets'),
    features: z.array(z.string()).optional().describe('names of the features'),
    sheet: z.string().optional().describe('where it is asked for: all pictures on one PNG, as a data URL'),
    items: z.array(itemSchema),
  })
  .meta({ id: 'Preview', description: 'Of the train part alone.' });
export type Preview = z.infer<typeof previewSchema>;
