import { z } from 'zod';

/** What the one opening found. Stored with the opening, never changed afterwards; the certificate carries it word for word. */

const intervalSchema = z.object({ low: z.number(), high: z.number() });

/** The constant answer that knows the train part alone: its most frequent class, or its mean of each target; scored on the test part. */
const baselineSchema = z.object({ description: z.string(), value: z.number() });

export const testResultSchema = z.discriminatedUnion('metric', [
  z.object({
    metric: z.literal('accuracy'),
    n: z.int().min(1),
    /** share of items that were right */
    value: z.number(),
    right: z.int(),
    interval: intervalSchema,
    method: z.string(),
    baseline: baselineSchema,
    macroF1: z.number(),
    logLoss: z.number().nullable(),
    perClass: z.array(z.object({ name: z.string(), items: z.int(), right: z.int(), answered: z.int() })),
  }),
  z.object({
    metric: z.literal('rmse'),
    n: z.int().min(1),
    /** targets that were present, over all items */
    present: z.int(),
    unit: z.string(),
    /** null where the model answered with a number that is not finite */
    value: z.number().nullable(),
    /** null where the value is, or where one item alone has targets */
    interval: intervalSchema.nullable(),
    method: z.string(),
    baseline: baselineSchema,
    mae: z.number().nullable(),
    r2: z.number().nullable(),
  }),
]);
export type TestResult = z.infer<typeof testResultSchema>;
