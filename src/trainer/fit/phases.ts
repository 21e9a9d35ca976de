import type { Phase } from '#core/run/phases.ts';

/** Adds up the seconds of each phase. A change of phase costs one reading of the clock. */
export class PhaseClock {
  readonly #now: () => number;
  #seconds = zeros();
  #phase: Phase = 'data';
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  enter(phase: Phase): void {
    const at = this.#now();
    this.#seconds[this.#phase] += (at - this.#since) / 1e3;
    this.#since = at;
    this.#phase = phase;
  }

  /** Seconds since the last time that they were taken. */
  take(): Record<Phase, number> {
    this.enter(this.#phase);
    const taken = this.#seconds;
    this.#seconds = zeros();
    return taken;
  }
}

function zeros(): Record<Phase, number> {
  return { data: 0, step: 0, validate: 0, log: 0, checkpoint: 0 };
}
