import type { Pool } from 'pg';
import type { Points } from '#core/run/series.ts';
import { blockColumns, cut, type SeriesEnd } from '../series/series.ts';
import { WRITE_POSITION, WRITE_RUN } from '../sql/runs.ts';
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

/** What the next write goes behind. */
interface Position {
  /** writes of the run that are in */
  writes: number;
  /** of every series that was asked for; without a block where it has no points */
  ends: Map<string, SeriesEnd>;
}

/** Writes what one attempt has to say. Nobody else writes the series that it names, so where they end is read once. */
export class RunWrites {
  readonly #pool: Pool;
  readonly #held: Held;
  #position: Position | null = null;
  /** A write that got no answer, and may be in all the same. */
  #unsure: { writes: number; lines: number } | null = null;

  constructor(pool: Pool, held: Held) {
    this.#pool = pool;
    this.#held = held;
  }

  /**
   * All or nothing, in one statement; points whose step is not above their series' last one are skipped. O(points + names).
   * Throws LeaseLostError where the attempt no longer holds its run, and what Postgres throws: then the same is to be
   * written again, with what is new behind it, and is in once.
   */
  async write({ points = [], log = [], histograms = [], progress }: RunNews): Promise<void> {
    const { runId, attempt } = this.#held;
    const { epoch, step, rate, metrics } = progress ?? { epoch: null, step: null, rate: null, metrics: {} };
    while (true) {
      const { writes, ends } = await this.#locate(points.map(({ name }) => name));
      const lines = this.#unsure && writes > this.#unsure.writes ? log.slice(this.#unsure.lines) : log;
      // Until the answer is there nobody knows what is in.
      this.#position = null;
      this.#unsure ??= { writes, lines: log.length };
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
          ...blockColumns(cut(points, ends).pieces),
          ...histogramColumns(histograms),
          ...logColumns(lines),
          writes,
        ],
      });
      if (rowCount === 0) continue;
      this.#position = { writes: writes + 1, ends };
      this.#unsure = null;
      return;
    }
  }

  async #locate(names: string[]): Promise<Position> {
    const known = this.#position;
    const fresh = known ? names.filter((name) => !known.ends.has(name)) : names;
    if (known && fresh.length === 0) return known;
    const { runId, attempt } = this.#held;
    const { rows } = await this.#pool.query<{ writes: number; ends: (SeriesEnd & { name: string })[] }>(
      WRITE_POSITION,
      [runId, attempt, fresh],
    );
    if (!rows[0]) throw new LeaseLostError(this.#held);
    const ends = new Map(rows[0].ends.map(({ name, ...end }) => [name, end]));
    return { writes: rows[0].writes, ends: new Map([...(known?.ends ?? []), ...ends]) };
  }
}
