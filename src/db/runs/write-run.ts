import type { Pool } from 'pg';
import type { Points } from '#core/run/series.ts';
import { blockColumns, cut, readEnds, type SeriesEnd } from '../series/series.ts';
import { WRITE_RUN } from '../sql/runs.ts';
import { histogramColumns, type LayerHistogram } from './histograms.ts';
import { type Held, LeaseLostError, type LogLine, logColumns } from './queue.ts';

export interface Progress {
  epoch: number;
  step: number;
  /** items a second; null: as it was */
  rate: number | null;
  /** added to those that are known */
  metrics: Record<string, number>;
}

export interface RunNews {
  /** each series once */
  points?: readonly Points[];
  log?: readonly LogLine[];
  histograms?: readonly LayerHistogram[];
  progress?: Progress | null;
}

/** Writes what one attempt has to say. Nobody else writes the series that it names, so where they end is read once. */
export class RunWrites {
  readonly #pool: Pool;
  readonly #held: Held;
  #ends = new Map<string, SeriesEnd>();

  constructor(pool: Pool, held: Held) {
    this.#pool = pool;
    this.#held = held;
  }

  /**
   * All or nothing, in one statement; points whose step is not above their series' last one are skipped. O(points + names).
   * Throws LeaseLostError where the attempt no longer holds its run, and what Postgres throws: then the same may be written again.
   */
  async write({ points = [], log = [], histograms = [], progress }: RunNews): Promise<void> {
    const { runId, attempt } = this.#held;
    const fresh = points.filter(({ name }) => !this.#ends.has(name)).map(({ name }) => name);
    if (fresh.length > 0) for (const [name, end] of await readEnds(this.#pool, runId, fresh)) this.#ends.set(name, end);
    const { epoch, step, rate, metrics } = progress ?? { epoch: null, step: null, rate: null, metrics: {} };
    try {
      const { rowCount } = await this.#pool.query({
        // Prepared once a connection: planning it costs as much as running it.
        name: 'write run',
        text: WRITE_RUN,
        values: [
          runId,
          attempt,
          epoch,
          step,
          rate,
          JSON.stringify(metrics),
          ...blockColumns(cut(points, this.#ends).pieces),
          ...histogramColumns(histograms),
          ...logColumns(log),
        ],
      });
      if (rowCount === 0) throw new LeaseLostError(this.#held);
    } catch (error) {
      // It may have been written all the same: a commit's answer can be lost.
      this.#ends.clear();
      throw error;
    }
  }
}
