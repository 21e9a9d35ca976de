import { hostname } from 'node:os';
import type { Db } from '#db/client.ts';
import type { Events } from '#db/events/events.ts';
import type { EngineOptions } from '#engine/open-engine.ts';
import { forkScorer, type Scorer } from './fork-scorer.ts';
import { openNext } from './open-next.ts';
import { openSigningKey, publishKey } from './signing-key.ts';

export interface OpeningWorker {
  /** Ends the scoring under way, gives its lease back. Resolves when all is quiet. */
  stop(): Promise<void>;
}

/** Opens what teams commit, one at a time, until stopped. Wakes on NOTIFY; looks by itself now and then for leases that ran out. */
export async function startOpeningWorker(options: {
  db: Db;
  events: Events;
  dataDir: string;
  engine?: EngineOptions;
  score?: Scorer;
  leaseMs?: number;
  retryMs?: number;
  lookMs?: number;
}): Promise<OpeningWorker> {
  const {
    db,
    events,
    dataDir,
    engine = {},
    score = forkScorer,
    leaseMs = 15_000,
    retryMs = 1_000,
    lookMs = 2_000,
  } = options;
  const key = await openSigningKey(dataDir);
  await publishKey(db, key);
  const who = `${hostname()}:${process.pid}:${crypto.randomUUID().slice(0, 8)}`;
  const stopped = new AbortController();
  let wake = () => {};
  const unsubscribe = events.subscribe({ topics: ['opening'] }, () => wake());

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      const again = Promise.withResolvers<void>();
      wake = again.resolve;
      const timer = setTimeout(wake, lookMs);
      try {
        const worked = await openNext({ db, dataDir, engine, key, score, who, leaseMs, retryMs }, stopped.signal);
        if (!worked && !stopped.signal.aborted) await again.promise;
      } catch (error) {
        console.error('The referee could not look for openings; it looks again.', error);
        if (!stopped.signal.aborted) await again.promise;
      } finally {
        clearTimeout(timer);
      }
    }
  })();
  return {
    async stop() {
      stopped.abort();
      unsubscribe();
      wake();
      await loop;
    },
  };
}
