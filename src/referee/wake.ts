import type { ChangeEvent, Events } from '#db/events/events.ts';

/** Sleeps until something of a topic changes, or a slow poll is due: a missed event only costs time. */
export class Wake {
  #changed = true;
  #resolve: (() => void) | undefined;
  readonly #unsubscribe: () => void;

  constructor(events: Events, topic: ChangeEvent['topic']) {
    this.#unsubscribe = events.subscribe({ topics: [topic] }, () => {
      this.#changed = true;
      this.#resolve?.();
    });
  }

  /** Returns at once where something changed since the last wait. */
  async wait(pollMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#changed && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = setTimeout(resolve, pollMs);
      const onAbort = () => resolve();
      signal.addEventListener('abort', onAbort);
      await promise;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
    this.#changed = false;
  }

  close(): void {
    this.#unsubscribe();
  }
}
