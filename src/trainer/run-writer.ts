import type { Pool } from 'pg';
import type { LayerHistogram } from '#db/runs/histograms.ts';
import { type Held, LeaseLostError, type LogLine } from '#db/runs/queue.ts';
import { type Progress, RunWrites } from '#db/runs/write-run.ts';
import { isPassing } from './persist.ts';

const FLUSH_MS = 500;
const RETRY_MS = 1_000;
/** While Postgres is away points wait in memory, 24 bytes each; above this the training waits too. */
export const MAX_WAITING_POINTS = 1_000_000;

interface Waiting {
  steps: number[];
  times: number[];
  values: number[];
}

/** Gathers what a run has to say and writes it in one statement twice a second, off the hot path. Loses nothing while Postgres is away. */
export class RunWriter {
  readonly #writes: RunWrites;
  readonly #onLost: (error: LeaseLostError) => void;
  readonly #points = new Map<string, Waiting>();
  #count = 0;
  #log: LogLine[] = [];
  #histograms: LayerHistogram[] = [];
  #progress: Progress | null = null;
  #flushing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param onLost another trainer has the run: stop at once */
  constructor(pool: Pool, held: Held, onLost: (error: LeaseLostError) => void) {
    this.#writes = new RunWrites(pool, held);
    this.#onLost = onLost;
    this.#schedule(FLUSH_MS);
  }

  point(name: string, step: number, value: number): void {
    let series = this.#points.get(name);
    if (!series) {
      series = { steps: [], times: [], values: [] };
      this.#points.set(name, series);
    }
    // The second of two values for one step would be refused by the store.
    if (series.steps.at(-1) === step) return;
    series.steps.push(step);
    series.times.push(Date.now());
    series.values.push(value);
    this.#count++;
  }

  log(level: LogLine['level'], message: string): void {
    // Postgres refuses NUL, and with it all that is written beside.
    this.#log.push({ at: Date.now(), level, message: message.replaceAll('\0', '\ufffd') });
  }

  histogram(histogram: LayerHistogram): void {
    this.#histograms.push(histogram);
  }

  progress(epoch: number, step: number, metrics?: Record<string, number>): void {
    if (this.#progress) {
      this.#progress.epoch = epoch;
      this.#progress.step = step;
      if (metrics) this.#progress.metrics = metrics;
    } else this.#progress = { epoch, step, rate: null, metrics: metrics ?? {} };
  }

  rate(itemsPerSecond: number): void {
    if (this.#progress) this.#progress.rate = itemsPerSecond;
  }

  /** Something to wait for when too much waits to be written. */
  room(): Promise<void> | undefined {
    if (this.#count < MAX_WAITING_POINTS || this.#closed) return undefined;
    return this.flushUntilDone();
  }

  /** Writes all that waits. Throws what Postgres throws; everything stays for the next try. */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing.catch(() => {});
    this.#flushing = this.#write();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = null;
    }
  }

  /** As flush, again and again until Postgres is back. Throws LeaseLostError, and what another try would not mend. */
  async flushUntilDone(): Promise<void> {
    for (;;) {
      try {
        return await this.flush();
      } catch (error) {
        if (!isPassing(error) || this.#closed) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(async () => {
      const wait = await this.flush().then(
        () => FLUSH_MS,
        (error) => {
          if (isPassing(error)) return RETRY_MS;
          if (error instanceof LeaseLostError) this.#onLost(error);
          else console.error(error);
          return null;
        },
      );
      // What can't be written for good ends the run where it next waits for a write.
      if (!this.#closed && wait !== null) this.#schedule(wait);
    }, ms);
  }

  async #write(): Promise<void> {
    const points = [...this.#points]
      .filter(([, series]) => series.steps.length > 0)
      .map(([name, { steps, times, values }]) => {
        const n = steps.length;
        return { name, n, steps: steps.slice(0, n), times: times.slice(0, n), values: values.slice(0, n) };
      });
    const log = this.#log;
    const histograms = this.#histograms;
    const progress = this.#progress;
    if (points.length === 0 && log.length === 0 && histograms.length === 0 && !progress) return;
    this.#log = [];
    this.#histograms = [];
    this.#progress = null;
    try {
      await this.#writes.write({ points, log, histograms, progress });
    } catch (error) {
      this.#log = [...log, ...this.#log];
      this.#histograms = [...histograms, ...this.#histograms];
      const later = this.#progress as typeof progress;
      this.#progress = later ? { ...later, metrics: { ...progress?.metrics, ...later.metrics } } : progress;
      throw error;
    }
    for (const { name, n } of points) {
      const series = this.#points.get(name)!;
      series.steps.splice(0, n);
      series.times.splice(0, n);
      series.values.splice(0, n);
      this.#count -= n;
    }
  }
}
