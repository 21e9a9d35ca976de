import { openBlobs } from '#db/blobs/index.ts';
import { openDb } from '#db/client.ts';
import { openEvents } from '#db/events/events.ts';
import { env } from '#env';
import type { RefereeContext } from './context.ts';
import { ingestWorker } from './ingest/ingest-worker.ts';
import { startOpeningWorker } from './score/opening-worker.ts';
import { openRefereeKey } from './seal/referee-key.ts';

/** The referee: inspects, splits, seals and, once, opens. The only process that holds the sealing key. */

const { DATABASE_URL, HOLDOUT_DATA, HOLDOUT_TENSORFLOW, HOLDOUT_ENGINE, HOLDOUT_THREADS } = env();
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());

const db = openDb(DATABASE_URL, 6);
const events = openEvents(DATABASE_URL);
const context: RefereeContext = {
  db,
  events,
  blobs: openBlobs(HOLDOUT_DATA),
  dataDir: HOLDOUT_DATA,
  key: await openRefereeKey(HOLDOUT_DATA, (await db.prisma.sealedPart.count()) === 0),
};
const openings = await startOpeningWorker({
  db,
  events,
  dataDir: HOLDOUT_DATA,
  engine: { libDir: HOLDOUT_TENSORFLOW, prefer: HOLDOUT_ENGINE, threads: HOLDOUT_THREADS },
});
stop.signal.addEventListener('abort', () => openings.stop());
console.info('[referee] ready');
// Two, so that a small upload doesn't wait for a large one.
await Promise.all([ingestWorker(context, stop.signal), ingestWorker(context, stop.signal)]);
await openings.stop();
await events.close();
await db.close();
