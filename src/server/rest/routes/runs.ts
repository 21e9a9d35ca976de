import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  artifactSchema,
  checkpointsSchema,
  histogramsSchema,
  itemReportWire,
  launchedSchema,
  layersSchema,
  logLineSchema,
  pageOf,
  ratesSchema,
  runConfigWire,
  runSchema,
  runSummarySchema,
  sharedSchema,
  stoppedSchema,
} from '#core/api/schemas.ts';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { EXPORT_FORMAT_IDS } from '#core/export-formats.ts';
import { summarise } from '#core/model/summary.ts';
import { exportCheckpoint } from '../../checkpoints/export-checkpoint.ts';
import { listCheckpoints } from '../../checkpoints/list-checkpoints.ts';
import { listArtifacts, openArtifact } from '../../runs/artifacts.ts';
import { getHistograms } from '../../runs/get-histograms.ts';
import { getItemReport } from '../../runs/get-item-report.ts';
import { getLog } from '../../runs/get-log.ts';
import { getRates } from '../../runs/get-rates.ts';
import { getRun } from '../../runs/get-run.ts';
import { launchRun, launchRunInput } from '../../runs/launch-run.ts';
import { listRuns } from '../../runs/list-runs.ts';
import { stopRun } from '../../runs/stop-run.ts';
import { shareRun, shareRunInput } from '../../transfer/share-run.ts';
import { numberCursor, pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

const tag = 'runs';

export const runRoutes = [
  route({
    method: 'POST',
    path: '/projects/{projectId}/runs',
    operationId: 'launchRun',
    tag,
    summary: 'Put a training into the queue; with `seeds`, one for each',
    description: 'The configuration is the one that the launch page shows as JSON.',
    access: 'run',
    status: 201,
    body: launchRunInput.omit({ projectId: true }).extend({ config: runConfigWire }).meta({ id: 'Launch' }),
    response: launchedSchema,
    handler: ({ db, actor, params, body }) => launchRun(db, actor, { ...body, projectId: params.projectId }),
  }),
  route({
    method: 'GET',
    path: '/projects/{projectId}/runs',
    operationId: 'listRuns',
    tag,
    summary: 'The runs of a project, newest first',
    access: 'read',
    query: pageQuery.extend({
      cursor: numberCursor,
      search: z.string().trim().max(80).optional().describe('part of the name, or a number such as 12 or r-0012'),
    }),
    response: pageOf(runSummarySchema),
    handler: ({ db, actor, params, query }) => listRuns(db, actor, { ...query, projectId: params.projectId }),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}',
    operationId: 'getRun',
    tag,
    summary: 'One run',
    access: 'read',
    response: runSchema,
    handler: ({ db, actor, params }) => getRun(db, actor, params.runId),
  }),
  route({
    method: 'POST',
    path: '/runs/{runId}/stop',
    operationId: 'stopRun',
    tag,
    summary: 'Stop a run; its best weights are kept. One that waits is cancelled',
    access: 'run',
    response: stoppedSchema,
    handler: ({ db, actor, params }) => stopRun(db, actor, params.runId),
  }),
  route({
    method: 'POST',
    path: '/runs/{runId}/share',
    operationId: 'shareRun',
    tag,
    summary: 'Let every team of the course start from the weights of a run, or no longer; for instructors',
    access: 'run',
    body: shareRunInput.pick({ shared: true }).meta({ id: 'Share' }),
    response: sharedSchema,
    handler: ({ db, actor, params, body }) => shareRun(db, actor, { ...body, runId: params.runId }),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/layers',
    operationId: 'getLayers',
    tag,
    summary: "The model's layers: shapes, parameters, memory",
    access: 'read',
    response: layersSchema,
    async handler({ db, actor, params }) {
      const { config, dataset } = await getRun(db, actor, params.runId);
      const schema = datasetSchema.parse(dataset.schema);
      const { model, batchSize, startFrom } = config;
      return summarise(model, inputOf(schema), batchSize, taskOf(schema), startFrom?.freezeUpTo);
    },
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/items',
    operationId: 'getItemReport',
    tag,
    summary: 'What the best weights answer to the validation part: figures by class or target, confusion, worst items',
    description: 'null until the run has ended with weights. Nothing of the test part is in it.',
    access: 'read',
    response: itemReportWire.nullable(),
    handler: ({ db, actor, params }) => getItemReport(db, actor, params.runId),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/histograms',
    operationId: 'getHistograms',
    tag,
    summary: 'How weights and gradients lie, layer by layer, over the epochs; without `name` only which there are',
    access: 'read',
    query: z.object({
      name: z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(z.string().min(1).max(260)).max(50))
        .optional()
        .describe('such as weights/conv1, or up to 50 of them with commas between'),
    }),
    response: histogramsSchema,
    handler: ({ db, actor, params, query }) =>
      getHistograms(db, actor, { runId: params.runId, names: query.name ?? [] }),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/rates',
    operationId: 'getRates',
    tag,
    summary: 'The sweep of a learning-rate finder, with the rate that it suggests',
    description: 'null of a run whose mode is not find_learning_rate.',
    access: 'read',
    response: ratesSchema.nullable(),
    handler: ({ db, actor, params }) => getRates(db, actor, params.runId),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/log',
    operationId: 'getLog',
    tag,
    summary: 'Lines of the log as they were written; without `after` the last ones',
    access: 'read',
    query: z.object({
      after: z
        .string()
        .regex(/^\d{1,18}$/, 'must be the id of a line')
        .optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    response: z.object({ items: z.array(logLineSchema) }),
    handler: async ({ db, actor, params, query }) => ({
      items: await getLog(db, actor, { ...query, runId: params.runId }),
    }),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/artifacts',
    operationId: 'listArtifacts',
    tag,
    summary: 'The files of a run, by name',
    access: 'read',
    query: pageQuery,
    response: pageOf(artifactSchema),
    handler: async ({ db, actor, params, query }) => pageOfAll(await listArtifacts(db, actor, params.runId), query),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/artifacts/{name}',
    operationId: 'downloadArtifact',
    tag,
    summary: 'One file of a run',
    access: 'read',
    media: ['application/octet-stream'],
    async handler({ db, blobs, actor, params }) {
      const { name, bytes, mediaType, stream } = await openArtifact(db, blobs, actor, params.runId, params.name);
      return fileResponse(Readable.toWeb(stream) as ReadableStream, { name, bytes, mediaType });
    },
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/checkpoints',
    operationId: 'listCheckpoints',
    tag,
    summary: 'The checkpoints of a run, and the formats that can hold its model',
    access: 'read',
    response: checkpointsSchema,
    handler: ({ db, actor, params }) => listCheckpoints(db, actor, params.runId),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/checkpoints/{checkpoint}/export',
    operationId: 'exportCheckpoint',
    tag,
    summary: 'One checkpoint as a file for other software',
    description:
      'Keras 3 (.keras), TensorFlow.js layers (zip), ONNX (opset 17), safetensors, or a zip that predicts: ONNX with a Python and a Node script.',
    access: 'read',
    query: z.object({ format: z.enum(EXPORT_FORMAT_IDS) }),
    media: ['application/octet-stream'],
    async handler({ db, blobs, actor, params, query, request }) {
      const asked = { ...params, ...query };
      const { name, content, bytes } = await exportCheckpoint(db, blobs, actor, asked, request.signal);
      const mediaType = name.endsWith('.zip') ? 'application/zip' : 'application/octet-stream';
      return fileResponse(Readable.toWeb(content) as ReadableStream, { name, bytes, mediaType });
    },
  }),
];

function fileResponse(body: BodyInit, file: { name: string; bytes: number; mediaType: string }): Response {
  return new Response(body, {
    headers: {
      'content-type': file.mediaType,
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
