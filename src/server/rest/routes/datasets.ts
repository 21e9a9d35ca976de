import { z } from 'zod';
import { datasetIdSchema, datasetWireSchema, pageOf } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { env } from '#env';
import { cancelDataset } from '../../datasets/cancel-dataset.ts';
import { confirmDataset, confirmInput } from '../../datasets/confirm-dataset.ts';
import { getDataset } from '../../datasets/get-dataset.ts';
import { listDatasets } from '../../datasets/list-datasets.ts';
import { streamUpload } from '../../datasets/stream-upload.ts';
import { pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

const tag = 'data sets';

export const datasetRoutes = [
  route({
    method: 'POST',
    path: '/projects/{projectId}/datasets',
    operationId: 'uploadDataset',
    tag,
    summary: 'Upload a zip or CSV file as the body, streamed, with its Content-Length',
    description:
      'Resumable uploads: the tus 1.0 protocol at /api/uploads, with the metadata projectId, filename and optionally name; the last segment of the upload is the id.',
    access: 'run',
    rawBody: 'application/octet-stream',
    status: 201,
    query: z.object({
      filename: z.string().trim().min(1).max(255),
      name: z.string().trim().min(1).max(120).optional().describe('default: the name of the file'),
      confirm: z.enum(['auto']).optional().describe('auto: take what is recognised, without a review'),
      drop: z.enum(['true', 'false']).default('false').describe('with confirm=auto: leave out what cannot be used'),
    }),
    response: datasetIdSchema,
    async handler({ db, blobs, actor, params, query, request }) {
      if (!request.body) throw new AppError('invalid_data', 'There is no body. Send the file as the body.');
      const { filename, name, confirm, drop } = query;
      const input = {
        projectId: params.projectId,
        filename,
        bytes: Number(request.headers.get('content-length') ?? Number.NaN),
        ...(name === undefined ? {} : { name }),
        ...(confirm && { decision: { automatic: true as const, drop: drop === 'true' } }),
      };
      return { id: await streamUpload(db, blobs, actor, input, request.body, env().HOLDOUT_MAX_UPLOAD) };
    },
  }),
  route({
    method: 'GET',
    path: '/projects/{projectId}/datasets',
    operationId: 'listDatasets',
    tag,
    summary: 'The data sets of a project, newest first, those that ended without a seal among them',
    access: 'read',
    query: pageQuery,
    response: pageOf(datasetWireSchema),
    handler: async ({ db, actor, params, query }) => pageOfAll(await listDatasets(db, actor, params.projectId), query),
  }),
  route({
    method: 'GET',
    path: '/datasets/{datasetId}',
    operationId: 'getDataset',
    tag,
    summary: 'One data set: its state, under review with what was found',
    access: 'read',
    response: datasetWireSchema,
    handler: ({ db, blobs, actor, params }) => getDataset(db, blobs, actor, params.datasetId),
  }),
  route({
    method: 'POST',
    path: '/datasets/{datasetId}/confirm',
    operationId: 'confirmDataset',
    tag,
    summary: 'Say what the data set is, after which it is split and sealed',
    access: 'run',
    body: confirmInput.meta({ id: 'Decision' }),
    response: datasetIdSchema,
    async handler({ db, blobs, actor, params, body }) {
      await confirmDataset(db, blobs, actor, params.datasetId, body);
      return { id: params.datasetId };
    },
  }),
  route({
    method: 'POST',
    path: '/datasets/{datasetId}/cancel',
    operationId: 'cancelDataset',
    tag,
    summary: 'Give up a data set that is not split yet; nothing of it is kept',
    access: 'run',
    response: datasetIdSchema,
    async handler({ db, actor, params }) {
      await cancelDataset(db, actor, params.datasetId);
      return { id: params.datasetId };
    },
  }),
];
