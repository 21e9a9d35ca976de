import { z } from 'zod';
import { runConfigSchema } from '../config/run-config.ts';
import { EXPORT_FORMAT_IDS } from '../export-formats.ts';
import { inputSchema, modelSchema } from '../model/spec.ts';
import { RUN_STATES } from '../run/lifecycle.ts';
import { lineageSchema } from '../transfer/lineage.ts';
import { startFromSchema } from '../transfer/start-from.ts';
import { anything, count, id, named, numbers, time } from './basics.ts';

/** Over the wire: a run, and what it leaves. */

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
    metric: z.enum(['accuracy', 'rmse']).nullable().describe('what `bestValue` is of; null for an uploaded model'),
    diverged: z.boolean().describe('its loss became no number'),
    parameters: count,
    model: modelSchema,
    input: inputSchema,
    elsewhere: z
      .boolean()
      .describe('an upload, or trained on other data: its items were never compared with this project’s test part'),
  })
  .meta({ id: 'Source' });
export const stoppedSchema = z.object({ id, state: z.enum(RUN_STATES) });

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
