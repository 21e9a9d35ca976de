/** A browser that leaves the page fails what is under way: by then it is gone. */
const GRACE_MS = 500;
const PROBE_MS = 2_000;
/** What a proxy answers for a server that is away. */
const AWAY = new Set([502, 504]);

/**
 * Whether the server answers. A stream or query that fails only raises the suspicion: the line is called lost once a
 * probe fails too, so that leaving a page or a single aborted request says nothing.
 */
export class Connection {
  readonly #probe: () => Promise<boolean>;
  readonly #listeners = new Set<() => void>();
  #probing = false;
  /** when it first failed, while it is lost */
  since: Date | null = null;

  /** @param probe whether the server answers now */
  constructor(probe: () => Promise<boolean>) {
    this.#probe = probe;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something failed: asks until the server answers again. */
  async suspect(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    const first = new Date();
    await sleep(GRACE_MS);
    while (!(await this.#probe())) {
      if (!this.since) this.#set(first);
      await sleep(PROBE_MS);
    }
    this.#probing = false;
    if (this.since) this.#set(null);
  }

  #set(since: Date | null): void {
    this.since = since;
    for (const listener of this.#listeners) listener();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const connection = new Connection(() =>
  fetch('/api/health', { cache: 'no-store' }).then(
    ({ status }) => !AWAY.has(status),
    () => false,
  ),
);

/** `fetch` that tells when no answer came. Throws what fetch throws. */
export async function watchedFetch(...args: Parameters<typeof fetch>): Promise<Response> {
  try {
    const response = await fetch(...args);
    if (AWAY.has(response.status)) void connection.suspect();
    return response;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) void connection.suspect();
    throw error;
  }
}
