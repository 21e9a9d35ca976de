/** A wish from outside to end the loop: a person's stop, or the trainer's shutdown, which gives the run back to the queue. */
export class Interruption {
  #wish: 'stop' | 'release' | null = null;
  readonly #expired = Promise.withResolvers<void>();
  readonly #patienceMs: number;

  /** @param patienceMs how long a step that is under way may keep the wish waiting */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** The first wish counts. */
  ask(wish: 'stop' | 'release'): void {
    if (this.#wish) return;
    this.#wish = wish;
    setTimeout(this.#expired.resolve, this.#patienceMs).unref();
  }

  get wish(): 'stop' | 'release' | null {
    return this.#wish;
  }

  /** Resolves when the patience is over and the step must be left behind. */
  get expired(): Promise<void> {
    return this.#expired.promise;
  }
}
