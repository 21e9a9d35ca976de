import type { EventFilter, Events, HoldoutEvent } from '#db/events/events.ts';

/** Proxies close a connection that is silent for a minute; half of that is safe. */
const HEARTBEAT_MS = 25_000;
/** A run that trains says so twice a second; a page fetches at most this often. */
const GATHER_MS = 200;
/** A reader that takes nothing is let go once this much waits for it; one that comes back is told to fetch anew. */
const MOST_WAITING = 10_000;

/**
 * Server-sent events that say what changed, never what it holds: `data: {"topic","id","projectId"}`.
 * `{"topic":"resync"}` means that changes may have been missed. Ends with `signal`, when the reader goes away.
 */
export function liveStream(events: Events, filter: EventFilter, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end = () => {};
  return new ReadableStream({
    start(controller) {
      const waiting = new Map<string, HoldoutEvent>();
      let timer: NodeJS.Timeout | undefined;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const flush = () => {
        timer = undefined;
        if ((controller.desiredSize ?? 0) < -MOST_WAITING) return close();
        for (const event of waiting.values()) send(`data: ${JSON.stringify(event)}\n\n`);
        waiting.clear();
      };
      const unsubscribe = events.subscribe(filter, (event) => {
        waiting.set(event.topic === 'resync' ? 'resync' : `${event.topic} ${event.id}`, event);
        timer ??= setTimeout(flush, GATHER_MS);
      });
      const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
      end = () => {
        unsubscribe();
        clearTimeout(timer);
        clearInterval(heartbeat);
        signal.removeEventListener('abort', close);
      };
      const close = () => {
        end();
        controller.close();
      };
      signal.addEventListener('abort', close);
      // What changed between the page's first read and now is fetched at once.
      send('retry: 1000\n\ndata: {"topic":"resync"}\n\n');
      if (signal.aborted) close();
    },
    cancel: () => end(),
  });
}
