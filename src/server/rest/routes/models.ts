import { z } from 'zod';
import { pageOf, projectIdSchema, sourceSchema } from '#core/api/schemas.ts';
import { deleteModel } from '../../transfer/delete-model.ts';
import { importModel } from '../../transfer/import-model.ts';
import { listSources } from '../../transfer/list-sources.ts';
import { MAX_MODEL_BYTES } from '../../transfer/receive-model.ts';
import { pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

const tag = 'models';

/** What runs start from. */
export const modelRoutes = [
  route({
    method: 'GET',
    path: '/projects/{projectId}/sources',
    operationId: 'listSources',
    tag,
    summary: 'What a run may start from: runs of the team, runs shared with the course, uploaded models',
    access: 'read',
    query: pageQuery,
    response: pageOf(sourceSchema),
    handler: async ({ db, actor, params, query }) => pageOfAll(await listSources(db, actor, params.projectId), query),
  }),
  route({
    method: 'POST',
    path: '/projects/{projectId}/models',
    operationId: 'importModel',
    tag,
    summary: 'Upload a model for runs to start from',
    description: `A Keras archive (.keras), Keras HDF5 (.h5), a TensorFlow.js layers model (model.json with its weight files) or safetensors with a JSON file {"model", "input"}: one file, or a zip, as the body, or several files as multipart/form-data; up to ${MAX_MODEL_BYTES / 1024 ** 2} MB. Nothing in it is run.`,
    access: 'run',
    rawBody: 'application/octet-stream',
    status: 201,
    query: z.object({
      filename: z.string().trim().min(1).max(255).optional().describe('of a body that is one file'),
      name: z.string().trim().min(1).max(120).optional().describe('default: the name of the file'),
    }),
    response: projectIdSchema.pick({ id: true }),
    handler: ({ db, blobs, actor, params, query, request }) =>
      importModel(db, blobs, actor, { ...query, projectId: params.projectId, request }),
  }),
  route({
    method: 'DELETE',
    path: '/models/{modelId}',
    operationId: 'deleteModel',
    tag,
    summary: 'Delete an uploaded model; runs that started from it keep what they have',
    access: 'run',
    response: projectIdSchema.pick({ id: true }),
    async handler({ db, blobs, actor, params }) {
      await deleteModel(db, blobs, actor, params.modelId);
      return { id: params.modelId };
    },
  }),
];
