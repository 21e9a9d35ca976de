import { Client } from 'pg';

/** Postgres LISTEN/NOTIFY: says that a row changed, never what it holds. Whoever hears it reads the row, so access rules stay in one place. */

const CHANNEL = 'holdout';
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

export const TOPICS = ['run', 'dataset', 'project', 'trainer', 'opening'] as const;

export interface ChangeEvent {
  topic: (typeof TOPICS)[number];
  /** of the row that changed */
  id: string;
  /** empty for what belongs to no project, such as a trainer */
  projectId: string;
}
/** Sent to every subscriber whenever the connection is made, first or again: changes may have been missed, so read anew. */
export interface ResyncEvent {
  topic: 'resync';
}
export type HoldoutEvent = ChangeEvent | ResyncEvent;

/** Each field that is given must match. */
export interface EventFilter {
  topics?: readonly ChangeEvent['topic'][];
  id?: string;
  projectId?: string;
}

/** Inside a transaction the event goes out with the commit. Equal events of one transaction arrive once. */
export async function notify(
  db: { query(text: string, values: unknown[]): Promise<unknown> },
  event: ChangeEvent,
): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)]);
}

export interface Events {
  /** Calls back for each matching event until the returned function is called. O(subscribers) an event. */
  subscribe(filter: EventFilter, callback: (event: HoldoutEvent) => void): () => void;
  close(): Promise<void>;
}

/** One LISTEN connection; a process opens one and shares it. Connects on its own and again whenever it is lost. */
export function openEvents(url: string): Events {
  const subscribers = new Set<{ filter: EventFilter; callback: (event: HoldoutEvent) => void }>();
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;

  const deliver = (event: HoldoutEvent) => {
    for (const { filter, callback } of subscribers) {
      if (!matches(filter, event)) continue;
      try {
        callback(event);
      } catch (error) {
        console.error('A subscriber to events failed.', error);
      }
    }
  };

  const connect = async () => {
    const current = new Client({ connectionString: url, keepAlive: true });
    client = current;
    let lost = false;
    const onLost = () => {
      if (lost || closed) return;
      lost = true;
      current.end().catch(() => {});
      timer = setTimeout(connect, retryMs);
      timer.unref();
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    };
    current.on('error', onLost);
    current.on('end', onLost);
    current.on('notification', ({ payload }) => {
      const event = parse(payload);
      if (event) deliver(event);
    });
    try {
      await current.connect();
      await current.query(`LISTEN ${CHANNEL}`);
      retryMs = FIRST_RETRY_MS;
      deliver({ topic: 'resync' });
    } catch {
      onLost();
    }
  };
  const ready = connect();

  return {
    subscribe(filter, callback) {
      const entry = { filter, callback };
      subscribers.add(entry);
      return () => subscribers.delete(entry);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      subscribers.clear();
      await ready;
      await client?.end().catch(() => {});
    },
  };
}

export function matches(filter: EventFilter, event: HoldoutEvent): boolean {
  if (event.topic === 'resync') return true;
  return (
    (filter.topics === undefined || filter.topics.includes(event.topic)) &&
    (filter.id === undefined || filter.id === event.id) &&
    (filter.projectId === undefined || filter.projectId === event.projectId)
  );
}

function parse(payload: string | undefined): ChangeEvent | undefined {
  try {
    const event = JSON.parse(payload ?? '') as ChangeEvent;
    return TOPICS.includes(event.topic) ? event : undefined;
  } catch {
    return undefined;
  }
}
