import { isBuilding } from '#env';
import { launchAfterSeal } from './datasets/launch-after-seal.ts';
import { db } from './db.ts';
import { events } from './events.ts';

const kept = globalThis as { holdoutFollows?: boolean };

/**
 * What the web process does by itself: as soon as data is sealed it launches the runs that were ordered with it. Also on
 * start and whenever events may have been missed.
 */
export function followChanges(): void {
  if (isBuilding() || kept.holdoutFollows) return;
  kept.holdoutFollows = true;
  let work = Promise.resolve();
  events().subscribe({ topics: ['dataset'] }, () => {
    work = work.then(() => launchAfterSeal(db())).catch((error: unknown) => console.error('[after seal]', error));
  });
}
