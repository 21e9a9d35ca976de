import { FileConfigstore, FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { uploadKeyOf } from '#core/data/blob-keys.ts';
import { AppError } from '#core/errors.ts';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireDataset } from '../access.ts';
import type { Actor } from '../actor.ts';
import { problemResponse } from '../rest/problem.ts';
import { cancelDataset } from './cancel-dataset.ts';
import { createUpload } from './create-upload.ts';
import { finishUpload } from './finish-upload.ts';

export const UPLOADS_PATH = '/api/uploads';

interface TusOptions {
  db: Db;
  blobs: FileBlobs;
  maxBytes: number;
  authenticate(request: Request): Promise<Actor | null>;
}

/**
 * Resumable uploads by the tus protocol (https://tus.io/protocols/resumable-upload): POST with Upload-Length and metadata
 * projectId, filename and name makes the data set, whose id is the upload's; PATCH sends bytes, straight to where the blob
 * store keeps them; HEAD says how many arrived; DELETE cancels. Each request is checked for who asks.
 */
export function tusHandler(options: TusOptions): (request: Request) => Promise<Response> {
  const { db, blobs, maxBytes } = options;
  const actorOf = async (request: Request) => {
    const actor = await options.authenticate(request);
    if (!actor) throw new AppError('unauthenticated', 'Sign in first, or send a token.');
    return actor;
  };
  const server = new Server({
    path: UPLOADS_PATH,
    relativeLocation: true,
    allowedOrigins: [],
    maxSize: maxBytes,
    datastore: new FileStore({
      directory: blobs.folder('uploads'),
      configstore: new FileConfigstore(blobs.folder('upload-state')),
    }),
    async namingFunction(request, metadata) {
      const actor = await actorOf(request);
      const { projectId, filename, name } = metadata ?? {};
      return createUpload(
        db,
        actor,
        {
          projectId: projectId ?? '',
          filename: filename ?? '',
          bytes: Number(request.headers.get('upload-length') ?? Number.NaN),
          ...(name ? { name } : {}),
        },
        maxBytes,
      );
    },
    async onIncomingRequest(request, id) {
      const actor = await actorOf(request);
      const access = await requireDataset(db, actor, id, 'run');
      const { state, bytes } = await db.prisma.dataset.findUniqueOrThrow({
        where: { id: access.datasetId },
        select: { state: true, bytes: true },
      });
      if (request.method === 'PATCH' && state !== 'uploading')
        throw new AppError('not_found', 'This upload was cancelled or is finished already.');
      // The last byte came and the hand-over did not: a client that asks sends nothing more, so it happens here.
      const stored = request.method === 'HEAD' && state === 'uploading' && (await blobs.stat(uploadKeyOf(id)))?.bytes;
      if (stored && BigInt(stored) === bytes) await finishUpload(db, blobs, actor, id);
    },
    async onUploadFinish(request, upload) {
      await finishUpload(db, blobs, await actorOf(request), upload.id);
      return {};
    },
    async onResponseError(request, error) {
      // The protocol's own refusals have a status; whatever else broke is masked and logged.
      if (!(error instanceof AppError) && 'status_code' in error) return undefined;
      const problem = problemResponse(error, `${request.method} upload`);
      return { status_code: problem.status, body: await problem.text() };
    },
  });
  return async (request) => {
    if (request.method !== 'DELETE') return server.handleWeb(request);
    try {
      await cancelDataset(db, await actorOf(request), new URL(request.url).pathname.split('/').at(-1)!);
      return new Response(null, { status: 204, headers: { 'tus-resumable': '1.0.0' } });
    } catch (error) {
      return problemResponse(error, 'DELETE upload');
    }
  };
}
