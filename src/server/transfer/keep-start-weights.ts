import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { MOVE_START_WEIGHTS } from '#db/sql/lineage.ts';

/** Where weights lie whose source is gone. */
const KEPT = 'lineage/';

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
  const kept = `${KEPT}${digest}.safetensors`;
  await blobs.put(kept, await blobs.stream(weightsKey));
  await db.pool.query(MOVE_START_WEIGHTS, [kept, weightsKey]);
}

/** To call once a run's rows are gone: what was kept for it alone goes as well. */
export async function forgetStartWeights(db: Db, blobs: BlobStore, weightsKey: string): Promise<void> {
  if (weightsKey.startsWith(KEPT) && (await db.prisma.lineage.count({ where: { weightsKey } })) === 0)
    await blobs.delete(weightsKey);
}
