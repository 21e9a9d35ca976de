import { z } from 'zod';
import { MEASURES } from '../comparison/measures.ts';
import { runConfigSchema } from '../config/run-config.ts';
import { datasetSchema } from '../data/dataset-schema.ts';
import { EXPORT_FORMAT_IDS } from '../export-formats.ts';
import { itemReportSchema } from '../metric/item-report.ts';
import { inputSchema, modelSchema } from '../model/spec.ts';
import { courseRole, tokenScope } from '../people/inputs.ts';
import { changeId } from '../remedies/changes.ts';
import { DIAGNOSES, type DiagnosisKind } from '../run/diagnosis/index.ts';
import { RUN_STATES } from '../run/lifecycle.ts';
import { certificateSchema, earlierOpeningSchema, publicKeySchema } from '../seal/certificate.ts';
import { testResultSchema } from '../seal/result.ts';
import { lineageSchema } from '../transfer/lineage.ts';
import { startFromSchema } from '../transfer/start-from.ts';

/** What goes over the wire below /api/v1: the server shapes its answers by these, the CLI reads them by the same. */

const time = z.iso.datetime({ offset: true });
const id = z.string();
const count = z.int().min(0);
const anything = z.unknown();
const numbers = z.record(z.string(), z.number().nullable());

const named = z.object({ id, name: z.string() });

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

export const runConfigWire = runConfigSchema.meta({ id: 'RunConfig' });

const runFields = {
  id,
  projectId: id,
  datasetId: id,
  number: z.int(),
  name: z.string(),
  state: z.enum(RUN_STATES),
  interrupted: z.boolean().describe('its trainer was lost; it goes on from its checkpoint once another takes it over'),
  epoch: count,
  step: count,
  totalSteps: count,
  itemsPerSecond: z.number().nullable(),
  parameters: count,
  bestEpoch: count.nullable().describe('counted from 1'),
  bestValue: z.number().nullable().describe("the task's metric on the validation part at the best epoch"),
  lastMetrics: numbers.describe('metric/part -> value at the last epoch; null where it was not a number'),
  bestMetrics: numbers.describe('the same at the best epoch'),
  stopReason: z.string().nullable(),
  message: z.string().nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
};
export const runSummarySchema = z.object(runFields).meta({ id: 'RunSummary' });

export const runSchema = z
  .object({
    ...runFields,
    config: runConfigWire,
    stepsPerEpoch: count,
    queuePosition: count.nullable().describe('runs before it, while it waits'),
    secondsLeft: z.number().nullable().describe('at the pace of now, while it trains'),
    environment: anything.describe('engine, device and versions'),
    sharedAt: time.nullable().describe('since when every team of the course may start from its weights'),
    lineage: lineageSchema.describe('where its first weights came from: the source, its own source, and so on'),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof runSchema>;

export const launchedSchema = z.object({ runs: z.array(z.object({ id, number: z.int(), name: z.string() })).min(1) });
export const sharedSchema = z.object({ sharedAt: time.nullable() });
export const sourceSchema = z
  .object({
    id,
    source: startFromSchema.shape.source.describe('as `startFrom.source` of a configuration names it'),
    name: z.string(),
    number: z.int().nullable().describe('null for an uploaded model'),
    project: named,
    team: z.string(),
    shared: z.boolean().describe('of another team, shared by an instructor'),
    bestValue: z.number().nullable(),
    parameters: count,
    model: modelSchema,
    input: inputSchema,
  })
  .meta({ id: 'Source' });
export const stoppedSchema = z.object({ id, state: z.enum(RUN_STATES) });

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
const lossesSchema = z.object({ train: spreadSchema, validation: spreadSchema }).nullable();
const comparisonFields = {
  id,
  kind: z.enum(['remedy', 'ladder']),
  remedy: z.string().nullable(),
  title: z.string().describe('the change, e.g. "Dropout 0.3"'),
  createdAt: time,
  base: z.object({ id, number: z.int(), name: z.string() }).nullable().describe('the run that was copied'),
  done: count.describe('runs that are over'),
  sentence: z.string().describe('what it comes to so far'),
};
export const comparisonSummarySchema = z
  .object({ ...comparisonFields, runs: count, verdict: z.enum(['better', 'worse', 'noise', 'unknown']).nullable() })
  .meta({ id: 'ComparisonSummary' });
export const comparisonSchema = z
  .object({
    ...comparisonFields,
    lead: z.enum(['accuracy', 'rmse']).describe("the task's metric"),
    caution: z.string().nullable(),
    cut: count.describe('runs that were stopped, cancelled or failed: not counted'),
    runs: z.array(
      z.object({
        id,
        number: z.int(),
        name: z.string(),
        seed: z.int(),
        arm: z.number().describe('0 as it was, 1 with the change; in a ladder the factor on the width'),
        state: z.enum(RUN_STATES),
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
          verdict: z.enum(['better', 'worse', 'noise', 'unknown']),
        }),
      )
      .describe('of a remedy'),
    rungs: z
      .array(z.object({ factor: z.number(), parameters: count, end: lossesSchema, kept: lossesSchema }))
      .describe('of a ladder'),
  })
  .meta({ id: 'Comparison' });
export type ComparisonWire = z.infer<typeof comparisonSchema>;

const seriesSchema = z
  .object({
    name: z.string(),
    steps: z.array(z.int()),
    times: z.array(z.number()).describe('milliseconds since 1970'),
    values: z.array(z.number().nullable()).describe('null where it was not a number'),
  })
  .meta({ id: 'Series' });
export type Series = z.infer<typeof seriesSchema>;
export const seriesListSchema = z.object({ items: z.array(seriesSchema) });
export const seriesNamesSchema = z.object({ items: z.array(z.string()) });

export const logLineSchema = z
  .object({ id: z.string(), at: time, level: z.string(), attempt: count, message: z.string() })
  .meta({ id: 'LogLine' });

const classFiguresSchema = z.object({
  name: z.string(),
  items: count.describe('validation items of the class'),
  answered: count.describe('how often it was answered'),
  right: count,
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
const [classificationItems, regressionItems] = itemReportSchema.options;
export const itemReportWire = z
  .discriminatedUnion('kind', [
    classificationItems.extend({ classes: z.array(classFiguresSchema) }),
    regressionItems.extend({ targets: z.array(regressionItems.shape.targets.element.extend({ name: z.string() })) }),
  ])
  .meta({ id: 'ItemReport', description: 'Of the validation part alone.' });

export type NamedItems = z.infer<typeof itemReportWire>;

export const histogramsSchema = z
  .object({
    names: z.array(z.string()).describe('what/layer, such as weights/conv1 and gradients/conv1'),
    histograms: z.array(
      z.object({
        name: z.string(),
        step: count,
        epoch: count.describe('counted from 1'),
        min: z.number(),
        max: z.number(),
        counts: z.array(count).describe('bins of equal width from min to max'),
      }),
    ),
  })
  .meta({ id: 'Histograms' });

export const ratesSchema = z
  .object({
    rates: z.array(z.number()),
    losses: z.array(z.number()),
    smoothed: z.array(z.number()),
    suggestion: z.number().nullable().describe('where the smoothed loss falls fastest; null where it falls nowhere'),
    lowestAt: z.number().nullable().describe('where it is lowest: too high to train with'),
    words: z.string(),
  })
  .meta({ id: 'Rates' });

export const artifactSchema = z
  .object({ id, name: z.string(), bytes: count, mediaType: z.string(), createdAt: time })
  .meta({ id: 'Artifact' });

export const checkpointsSchema = z
  .object({
    checkpoints: z.array(
      z.object({
        id: z.string().describe('best, last or epoch-12: what the export asks for'),
        epoch: count.describe('counted from 1; 0 before the first one ended'),
        step: count,
        metrics: numbers.describe('metric/part -> value after that epoch'),
        createdAt: time,
        kept: z.object({
          rank: z.int().nullable().describe('1 is the best epoch; null where it is not one of the best that are kept'),
          periodic: z.boolean().describe('one of every so many epochs'),
          last: z.boolean(),
        }),
      }),
    ),
    formats: z.array(
      z.object({
        format: z.enum(EXPORT_FORMAT_IDS),
        reason: z.string().nullable().describe("why it can't hold the model, or null where it can"),
      }),
    ),
  })
  .meta({ id: 'Checkpoints' });

export const layersSchema = z
  .object({
    batchSize: count,
    rows: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        depth: count.describe('1 inside of a residual block, whose row stands before; else 0'),
        inputs: z.array(z.string()).describe('names of the layers that it reads'),
        kernel: z.array(count).length(2).nullable().describe('height and width of a convolution or pooling'),
        output: z.array(count).describe('shape of one item, channels first'),
        parameters: count,
        trainable: count,
        multAdds: count.describe('of the whole batch'),
        memory: count.describe('bytes of the output, forward and backward, of the whole batch'),
      }),
    ),
    parameters: count,
    trainable: count,
    multAdds: count,
    inputMemory: count.describe('bytes, of the whole batch'),
    forwardBackwardMemory: count.describe('bytes, of the whole batch'),
    parameterMemory: count.describe('bytes'),
    totalMemory: count.describe('bytes'),
  })
  .meta({ id: 'Layers', description: "By torchinfo's definitions, in float32." });

const someRun = z
  .object({ projectId: id, runId: id, number: z.int(), name: z.string(), project: z.string(), team: z.string() })
  .nullable()
  .describe('null where you may not see whose it is');
export const trainersSchema = z
  .object({
    trainers: z.array(
      z.object({
        id,
        name: z.string(),
        host: z.string(),
        device: z.string(),
        engine: z.string(),
        version: z.string().nullable(),
        threads: count.nullable(),
        /** that its runs share: the GPU's, or the machine's */
        memoryBytes: count.nullable(),
        /** over which one run may be spread */
        devices: count,
        bf16: z.boolean(),
        reason: z.string().nullable().describe('why this engine'),
        state: z.enum(['free', 'busy', 'lost', 'stopped']),
        startedAt: time,
        heartbeatAt: time,
        runs: z.array(
          z.object({
            id,
            visible: someRun,
            startedAt: time.nullable(),
            step: count,
            totalSteps: count,
            itemsPerSecond: z.number().nullable(),
          }),
        ),
      }),
    ),
    queue: z.array(z.object({ position: count.describe('counted from 1'), visible: someRun })),
  })
  .meta({ id: 'Trainers' });

/** Where the one opening stands. Before it is opened nothing of the test part is in it but how many items there are. */
const openingSchema = z
  .object({
    state: z.enum(['committed', 'opened']),
    run: z.object({ id, number: z.int(), name: z.string() }),
    n: count.describe('items of the test part'),
    validation: z.number().describe('what the run scored on the validation part'),
    committedAt: time,
    committedBy: z.string().nullable(),
    openedAt: time.nullable(),
    result: testResultSchema.nullable(),
    error: z.string().nullable().describe('why the referee tries again, if it does'),
  })
  .meta({ id: 'Opening' });
export type Opening = z.infer<typeof openingSchema>;

export const finalSchema = z
  .object({
    state: z.enum(['none', 'sealed', 'committed', 'opened']),
    n: count.nullable().describe('items of the sealed test part'),
    canOpen: z.boolean(),
    opening: openingSchema.nullable(),
    earlier: z
      .array(earlierOpeningSchema)
      .describe('openings and commitments of the same test part in other projects of the team, archived ones too'),
  })
  .meta({ id: 'Final' });
export type Final = z.infer<typeof finalSchema>;

export const commitSchema = z
  .object({
    runId: id,
    confirm: z.string().describe("the project's name, letter for letter"),
    epoch: z.int().min(1).optional().describe('of a kept checkpoint; default: the best one'),
  })
  .meta({ id: 'Commit' });
export const committedSchema = z.object({
  opening: openingSchema,
  already: z.boolean().describe('somebody had committed before: this is the first and only opening'),
});

export const certificateWire = certificateSchema.meta({ id: 'Certificate' });
export const keysSchema = z.object({ keys: z.array(publicKeySchema) }).meta({ id: 'CertificateKeys' });

/** A page of a list, and where the next one begins. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('null on the last page') });
}
