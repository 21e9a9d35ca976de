import type { Pool } from 'pg';
import { crashed, type Ending } from '#core/run/stop-reasons.ts';
import {
  addLog,
  claimRun,
  countCrashes,
  endRun,
  type Held,
  LeaseLostError,
  renewLeases,
  requeueRun,
} from '#db/runs/queue.ts';
import { persist } from './persist.ts';
import type { RunProcess } from './run-process.ts';

/** Also how soon a stop is heard and a waiting run is taken; polling survives what a LISTEN connection would not. */
const TICK_MS = 500;
/** Time for a child that has written its run's end to tidy up. */
const GRACE_MS = 2_000;
/** A spare child loads its engine once the run that was started last is under way. */
const SPARE_AFTER_MS = 3_000;
/** A run whose process dies this often without a checkpoint in between would die for ever. */
const MAX_CRASHES = 4;

interface Training {
  held: Held;
  child: RunProcess;
  /** killed before it trained, because a person asked */
  stoppedEarly: boolean;
}

/** Claims runs for its slots, keeps their leases, passes stops on, and gives back what crashed. */
export class Supervisor {
  readonly #pool: Pool;
  readonly #trainerId: string;
  readonly #slots: number;
  readonly #start: () => RunProcess;
  readonly #running = new Map<string, Training>();
  readonly #settling = new Set<Promise<void>>();
  #spare: RunProcess | null = null;
  #spareDue = 0;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #closing = false;
  #away = false;

  constructor(pool: Pool, trainerId: string, slots: number, start: () => RunProcess) {
    this.#pool = pool;
    this.#trainerId = trainerId;
    this.#slots = slots;
    this.#start = start;
    this.#schedule(0);
  }

  /** pids of the children, by run */
  get pids(): Map<string, number> {
    return new Map([...this.#running].map(([runId, { child }]) => [runId, child.pid]));
  }

  /** Gives every run back to the queue with a fresh checkpoint, and waits for the children to end. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    this.#spare?.kill();
    for (const { child } of this.#running.values()) child.send({ kind: 'release' });
    await Promise.all(this.#settling);
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(async () => {
      this.#ticking = this.#tick();
      await this.#ticking;
      if (!this.#closing) this.#schedule(TICK_MS);
    }, ms);
  }

  async #tick(): Promise<void> {
    try {
      await this.#renew();
      while (!this.#closing && this.#running.size < this.#slots) {
        const held = await claimRun(this.#pool, this.#trainerId);
        if (!held) break;
        if (!(await this.#givenUp(held))) this.#train(held);
      }
      if (this.#away) console.error('The database answers again.');
      this.#away = false;
    } catch (error) {
      if (!this.#away) console.error(`The database does not answer (${(error as Error).message}); trying on.`);
      this.#away = true;
    }
    if (!this.#closing && !this.#spare && performance.now() >= this.#spareDue) this.#keepSpare();
  }

  async #renew(): Promise<void> {
    const trainings = [...this.#running.values()];
    const stopRequested = await renewLeases(
      this.#pool,
      trainings.map(({ held }) => held),
    );
    for (const training of trainings) {
      const { held, child } = training;
      const stop = stopRequested.get(held.runId);
      if (stop && child.listening) child.send({ kind: 'stop' });
      else if (stop) {
        // While parts and engine load nobody listens, and nothing was trained yet that could be lost.
        training.stoppedEarly = true;
        child.kill();
      }
      // Ended by its child a moment ago, or taken over by another trainer: either way it may write no more.
      if (stop === undefined) setTimeout(() => this.#running.get(held.runId) === training && child.kill(), GRACE_MS);
    }
  }

  #keepSpare(): void {
    const spare = this.#start();
    this.#spare = spare;
    spare.ended.then(() => {
      if (this.#spare !== spare) return;
      this.#spare = null;
      this.#spareDue = performance.now() + SPARE_AFTER_MS;
    });
  }

  #train(held: Held): void {
    const child = this.#spare ?? this.#start();
    this.#spare = null;
    this.#spareDue = performance.now() + SPARE_AFTER_MS;
    child.send({ kind: 'train', held });
    const training: Training = { held, child, stoppedEarly: false };
    this.#running.set(held.runId, training);
    const settled = child.ended
      .then(async ({ clean, how, tail }) => {
        if (training.stoppedEarly) await persist(() => endRun(this.#pool, held, stoppedEarly(held)));
        else if (!clean) await this.#crashed(held, how, tail);
      })
      .catch((error) => {
        // Whoever holds the run now decides; without a database the lease ends by itself and the run is taken over.
        if (!(error instanceof LeaseLostError)) console.error(error);
      })
      .finally(() => {
        // After an outage this trainer may have taken the same run again, before its old child ended.
        if (this.#running.get(held.runId) === training) this.#running.delete(held.runId);
        this.#settling.delete(settled);
      });
    this.#settling.add(settled);
  }

  /** A run that takes its whole trainer along when it dies is never there to be counted by it: whoever claims it looks back. */
  async #givenUp(held: Held): Promise<boolean> {
    const { crashes, step } = await countCrashes(this.#pool, held.runId);
    if (crashes < MAX_CRASHES) return false;
    await endRun(this.#pool, held, crashed('its trainer was lost with it', crashes, step));
    return true;
  }

  async #crashed(held: Held, how: string, tail: string): Promise<void> {
    console.error(`The process of run ${held.runId}, attempt ${held.attempt}, ended: ${how}.`);
    await persist(async () => {
      if (this.#closing) return requeueRun(this.#pool, held, 'released');
      const { crashes, step } = await countCrashes(this.#pool, held.runId);
      if (crashes + 1 >= MAX_CRASHES) await endRun(this.#pool, held, crashed(how, crashes + 1, step));
      else await requeueRun(this.#pool, held, 'crashed');
      const message = `The training process ended unexpectedly (${how}).${tail ? `\n${tail}` : ''}`;
      await addLog(this.#pool, held, [{ at: Date.now(), level: 'error', message }]);
    });
  }
}

function stoppedEarly({ attempt }: Held): Ending {
  const message =
    attempt === 1
      ? 'Stopped before its first step.'
      : 'Stopped before it went on. What it had kept of its best epoch stays.';
  return { reason: 'stopped_by_person', message };
}
