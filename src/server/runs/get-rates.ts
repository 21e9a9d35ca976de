import { type RateReading, ratesInWords, readRates } from '#core/run/rate-finder.ts';
import type { Db } from '#db/client.ts';
import { readSeries } from '#db/series/series.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from './run-view.ts';

/** A learning-rate finder's sweep so far and what it suggests, or null of a run in another mode. O(steps). */
export async function getRates(db: Db, actor: Actor, id: string): Promise<(RateReading & { words: string }) | null> {
  const { runId } = await requireRun(db, actor, id, 'read');
  const { config } = await db.prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { config: true } });
  if (readStoredConfig(config).mode !== 'find_learning_rate') return null;
  const [rates, losses] = await readSeries(db.pool, runId, ['lr/learning_rate', 'loss/train']);
  const reading = readRates(rates!.values, losses!.values);
  return { ...reading, words: ratesInWords(reading) };
}
