import { Readable } from 'node:stream';
import { notFound } from '#core/errors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

/** Made from the run's row when it is asked for; every other file is a blob. */
const CONFIG = 'config.json';

/** Files of a run: its configuration, and the weights of its best epoch once there are any. */
export async function listArtifacts(db: Db, actor: Actor, runId: string) {
  const access = await requireRun(db, actor, runId, 'read');
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: { config: true, createdAt: true, artifacts: { orderBy: { name: 'asc' } } },
  });
  const config = {
    id: CONFIG,
    name: CONFIG,
    bytes: configBytes(run.config).length,
    mediaType: 'application/json',
    createdAt: run.createdAt,
  };
  const files = run.artifacts.map(({ id, name, bytes, mediaType, createdAt }) => ({
    ...{ id, name, mediaType, createdAt },
    bytes: Number(bytes),
  }));
  return [config, ...files];
}

/** One file by its name; throws AppError not_found. */
export async function openArtifact(
  db: Db,
  blobs: BlobStore,
  actor: Actor,
  runId: string,
  name: string,
): Promise<{ name: string; bytes: number; mediaType: string; stream: Readable }> {
  const access = await requireRun(db, actor, runId, 'read');
  if (name === CONFIG) {
    const { config } = await db.prisma.run.findUniqueOrThrow({ where: { id: access.runId }, select: { config: true } });
    const body = configBytes(config);
    return { name, bytes: body.length, mediaType: 'application/json', stream: Readable.from([body]) };
  }
  const file = await db.prisma.artifact.findUnique({ where: { runId_name: { runId: access.runId, name } } });
  if (!file) throw notFound('file');
  return { name, bytes: Number(file.bytes), mediaType: file.mediaType, stream: await blobs.stream(file.blobKey) };
}

function configBytes(config: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(config, null, 2)}\n`);
}
