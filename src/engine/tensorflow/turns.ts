import { setImmediate } from 'node:timers/promises';

/** Work on JavaScript's thread in short pieces, between which timers, sockets and messages have their turn. */
export class Turns {
  /** turns given so far */
  given = 0;
  readonly #everyMs: number;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;

  constructor(everyMs: number, now: () => number = () => performance.now()) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** To be awaited before each piece. Goes on at once where the last turn was a short while ago. */
  async give(): Promise<void> {
    if (this.#now() - this.#last < this.#everyMs) return;
    await setImmediate();
    this.#last = this.#now();
    this.given++;
  }
}
