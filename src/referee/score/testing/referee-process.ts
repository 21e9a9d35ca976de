import { openDb } from '#db/client.ts';
import { openEvents } from '#db/events/events.ts';
import { startOpeningWorker } from '../opening-worker.ts';

/** A referee of its own process, for tests that kill it. Arguments: database, data folder, lease in ms, library folder. */
const [url, dataDir, leaseMs, libDir] = process.argv.slice(2);
await startOpeningWorker({
  db: openDb(url!, 3),
  events: openEvents(url!),
  dataDir: dataDir!,
  leaseMs: Number(leaseMs),
  engine: { libDir: libDir || undefined },
});
process.send?.('ready');
