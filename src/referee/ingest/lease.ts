import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { FINISH_STAGE, HOLD_DATASET, RENEW_DATASET } from '#db/sql/datasets.ts';
import type { Stage } from './job.ts';

const RENEW_MS = 2_000;
const PROGRESS_MS = 300;
/** Of the lease as it is renewed. */
const SECONDS = 10;
/** Slower than any machine sorts. */
const ITEMS_A_SECOND = 10_000;

/** Holds a data set while a job works on it; aborts the job's signal when it no longer does. */
export class Lease {
  readonly holder: string;
  readonly #db: Db;
  readonly #row: { id: string; projectId: string };
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #progress: { stage: Stage; done: number; total: number | null } | null = null;
  #sentAt = 0;
  #sending: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(db: Db, row: { id: string; projectId: string }, holder: string) {
    this.#db = db;
    this.#row = row;
    this.holder = holder;
    this.#timer = setInterval(() => this.#send(), RENEW_MS);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  progress(stage: Stage, done: number, total: number | null): void {
    this.#progress = { stage, done, total };
    if (Date.now() - this.#sentAt >= PROGRESS_MS) this.#send();
  }

  /**
   * Before `items` are sorted: a sort gives no timer its turn, and two million items on a busy machine took 55 s.
   * The longer lease also delays whoever takes over from a process that is killed meanwhile.
   */
  async holdForSorting(items: number): Promise<void> {
    const seconds = SECONDS + items / ITEMS_A_SECOND;
    const { rowCount } = await this.#db.pool.query(HOLD_DATASET, [this.#row.id, this.holder, seconds]);
    if (!rowCount) this.#lost.abort();
    this.#lost.signal.throwIfAborted();
  }

  async done(stage: Stage): Promise<void> {
    this.#progress = null;
    await this.#sending;
    const { rowCount } = await this.#db.pool.query(FINISH_STAGE, [this.#row.id, this.holder, stage]);
    if (!rowCount) this.#lost.abort();
    this.#lost.signal.throwIfAborted();
    await this.#tell();
  }

  #send(): void {
    this.#sentAt = Date.now();
    const progress = this.#progress;
    this.#sending = this.#sending.then(async () => {
      try {
        const values = [this.#row.id, this.holder, progress && JSON.stringify(progress)];
        const { rowCount } = await this.#db.pool.query(RENEW_DATASET, values);
        this.#failures = 0;
        if (!rowCount) this.#lost.abort();
        else if (progress) await this.#tell();
      } catch (error) {
        // Postgres may restart; the lease lasts longer than a few tries.
        if (++this.#failures >= 4) this.#lost.abort(error);
      }
    });
  }

  async #tell(): Promise<void> {
    await notify(this.#db.pool, { topic: 'dataset', id: this.#row.id, projectId: this.#row.projectId });
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
  }
}
