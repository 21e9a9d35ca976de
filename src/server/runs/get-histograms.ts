import { z } from 'zod';
import type { Db } from '#db/client.ts';
import { listHistograms, readHistograms } from '#db/runs/histograms.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

export const getHistogramsInput = z.strictObject({
  runId: z.string(),
  /** such as ["weights/conv1", "gradients/conv1"] */
  names: z.array(z.string().max(260)).max(50).default([]),
});

/** Every name that has histograms, and those of the names asked for. O(histograms answered). */
export async function getHistograms(db: Db, actor: Actor, raw: z.input<typeof getHistogramsInput>) {
  const input = getHistogramsInput.parse(raw);
  const { runId } = await requireRun(db, actor, input.runId, 'read');
  const [names, found] = await Promise.all([
    listHistograms(db.pool, runId),
    input.names.length > 0 ? readHistograms(db.pool, runId, input.names) : [],
  ]);
  return { names, histograms: found.map((h) => ({ ...h, counts: Array.from(h.counts) })) };
}
