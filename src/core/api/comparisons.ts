import { z } from 'zod';
import { MEASURES, VERDICTS } from '../comparison/measures.ts';
import { changeId } from '../remedies/changes.ts';
import { DIAGNOSES, type DiagnosisKind } from '../run/diagnosis/index.ts';
import { RUN_STATES } from '../run/lifecycle.ts';
import { count, id, numbers, time } from './basics.ts';

/** Over the wire: what a run shows, and what came of trying something else. */

/** Where a figure is not there (nothing read yet, not a number) it is null. */
const figure = z.number().nullable();
export const diagnosisSchema = z
  .object({
    kind: z.enum(Object.keys(DIAGNOSES) as [DiagnosisKind, ...DiagnosisKind[]]),
    title: z.string(),
    sentences: z.string(),
    since: count.nullable().describe('epoch, counted from 1, from which the curves show it'),
    evidence: z
      .object({ from: count, to: count, mark: count })
      .nullable()
      .describe('epochs that show it, both ends included'),
    confidence: z.number().describe('share of the last eight epochs that, each read for itself, say the same'),
    figures: z
      .object({
        epochs: count,
        train: figure,
        validation: figure,
        bestEpoch: count,
        bestTrain: figure,
        bestValidation: figure,
        noise: figure,
      })
      .describe('losses, as medians of three epochs'),
    remedies: z
      .array(z.object({ name: z.string(), change: changeId, why: z.string() }))
      .describe('what to try first; `change` goes to tryRemedy'),
  })
  .meta({ id: 'Diagnosis' });

export const startedSchema = z
  .object({
    id: id.describe('of the comparison'),
    launched: z
      .array(z.object({ id, number: z.int(), name: z.string() }))
      .describe('runs that were lacking; others with the very same configuration were taken over'),
  })
  .meta({ id: 'StartedComparison' });

const spreadSchema = z.object({ n: count, mean: z.number(), sd: figure.describe('between seeds; null below two') });
const interval = z.object({ low: z.number(), high: z.number() }).nullable();
const lossesSchema = z
  .object({
    train: spreadSchema,
    validation: spreadSchema,
    gap: spreadSchema.describe('validation minus train, run by run'),
  })
  .nullable();
const comparisonFields = {
  id,
  kind: z.enum(['remedy', 'ladder']),
  remedy: z.string().nullable(),
  title: z.string().describe('the change, e.g. "Dropout 0.3"'),
  createdAt: time,
  base: z.object({ id, number: z.int(), name: z.string() }).nullable().describe('the run that was copied'),
  done: count.describe('runs that are over'),
  sentence: z.string().describe('what it comes to so far; of a ladder, at the last epoch'),
};
export const comparisonSummarySchema = z
  .object({
    ...comparisonFields,
    runs: count,
    diverged: count.describe('runs that became not a number'),
    verdict: z.enum(VERDICTS).nullable(),
  })
  .meta({ id: 'ComparisonSummary' });
export const comparisonSchema = z
  .object({
    ...comparisonFields,
    lead: z.enum(['accuracy', 'rmse']).describe("the task's metric"),
    otherwise: z
      .string()
      .describe('what holds beside the change: "everything else alike", or what transfer brings with its weights'),
    caution: z.string().nullable(),
    cut: count.describe('runs that were stopped, cancelled or failed: not counted'),
    diverged: count.describe(
      'runs that ended as a figure became not a number: `sentence` tells of them; `measures` are of the others',
    ),
    runs: z.array(
      z.object({
        id,
        number: z.int(),
        name: z.string(),
        seed: z.int(),
        arm: z.number().describe('0 as it was, 1 with the change; in a ladder the factor on the width'),
        state: z.enum(RUN_STATES),
        stopReason: z.string().nullable().describe('not_a_number: it diverged'),
        epoch: count,
        epochs: count,
        bestEpoch: count.nullable(),
        parameters: count,
        kept: numbers.describe('at the epoch whose weights are kept'),
        end: numbers.describe('at the last epoch'),
      }),
    ),
    measures: z
      .array(
        z.object({
          id: z.enum(MEASURES),
          label: z.string(),
          about: z.string(),
          base: spreadSchema,
          changed: spreadSchema,
          mean: z.number().describe('changed minus base'),
          interval: interval.describe("95 %, by Student's t; null with one seed"),
          pairs: count.describe('seeds that pair; 0: compared as independent (Welch)'),
          verdict: z.enum(VERDICTS),
        }),
      )
      .describe('of a remedy'),
    rungs: z
      .array(z.object({ factor: z.number(), parameters: count, end: lossesSchema, kept: lossesSchema }))
      .describe('of a ladder'),
  })
  .meta({ id: 'Comparison' });
export type ComparisonWire = z.infer<typeof comparisonSchema>;
