import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { MOVE_START_WEIGHTS } from '#db/sql/lineage.ts';

/**
 * To call once a source's rows are gone and before its weights are: runs that wait or train keep what they start from,
 * in a file of their own name. A launch locks the source's row, so none can come in between.
 */
export async function keepStartWeights(
  db: Db,
  blobs: BlobStore,
  weights: { weightsKey: string; digest: string },
): Promise<void> {
  const { weightsKey, digest } = weights;
  const waiting = await db.prisma.lineage.count({
    where: { weightsKey, run: { state: { in: ['queued', 'running'] } } },
  });
  if (waiting === 0) return;
  const kept = `lineage/${digest}.safetensors`;
  await blobs.put(kept, await blobs.stream(weightsKey));
  await db.pool.query(MOVE_START_WEIGHTS, [kept, weightsKey]);
}
