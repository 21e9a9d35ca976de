import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import type { Events } from '#db/events/events.ts';
import type { RefereeKey } from './seal/referee-key.ts';

/** What every worker of the referee shares. */
export interface RefereeContext {
  db: Db;
  events: Events;
  blobs: FileBlobs;
  dataDir: string;
  key: RefereeKey;
}
