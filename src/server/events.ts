import { type Events, openEvents } from '#db/events/events.ts';
import { env } from '#env';

export type { HoldoutEvent } from '#db/events/events.ts';

const kept = globalThis as { holdoutEvents?: Events };

/** The web process's one LISTEN connection; kept on globalThis because development reloads modules. */
export function events(): Events {
  kept.holdoutEvents ??= openEvents(env().DATABASE_URL);
  return kept.holdoutEvents;
}
