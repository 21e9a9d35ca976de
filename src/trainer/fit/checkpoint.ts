import type { Fit } from '#engine/engine.ts';
import type { BestWeights, CheckpointStore } from '../checkpoint-store.ts';
import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

const EVERY_MS = 5_000;
/** A checkpoint may take up to a twentieth of the time: a large model is saved less often. */
const SHARE = 20;

/**
 * Keeps the best weights in memory and saves them with everything that the next step depends on. The loop waits only while
 * the engine's state is copied; files and rows are written while it goes on.
 */
export class Checkpointer implements Callback {
  readonly phase = 'checkpoint';
  readonly #fit: Pick<Fit, 'state' | 'weights'>;
  readonly #plan: FitPlan;
  readonly #store: Pick<CheckpointStore, 'save'>;
  readonly #writer: Pick<RunWriter, 'flush' | 'log'>;
  #best: BestWeights | null;
  /** what of the best is not yet saved by this attempt */
  #unsaved: BestWeights | null;
  #pending: Promise<void> | null = null;
  /** the last save failed, and the log says so */
  #failing = false;
  #due: number;

  /** @param best what an earlier attempt left */
  constructor(
    fit: Pick<Fit, 'state' | 'weights'>,
    plan: FitPlan,
    store: Pick<CheckpointStore, 'save'>,
    writer: Pick<RunWriter, 'flush' | 'log'>,
    best: BestWeights | null,
  ) {
    this.#fit = fit;
    this.#plan = plan;
    this.#store = store;
    this.#writer = writer;
    this.#best = best;
    this.#unsaved = best;
    this.#due = performance.now() + EVERY_MS;
  }

  get best(): BestWeights | null {
    return this.#best;
  }

  onStep({ state }: { state: LoopState }): Promise<void> | undefined {
    if (performance.now() < this.#due || this.#pending) return undefined;
    return this.#begin(state);
  }

  async onEpoch({ state, improved }: { state: LoopState; improved: boolean }): Promise<undefined> {
    if (improved) await this.#keep(state, state.epoch);
  }

  /** Saves now and waits for it: the run is given back to the queue. */
  async saveLast(state: LoopState): Promise<void> {
    await this.#pending;
    await this.#begin(state);
    await this.#pending;
  }

  /**
   * Best weights at the end; the present ones where no epoch was finished and `keepPresent`.
   * @returns the epoch whose weights are kept (0: before the first one ended), or null where none are
   */
  async saveBest(state: LoopState, keepPresent: boolean): Promise<number | null> {
    await this.#pending;
    if (!this.#best && keepPresent) await this.#keep(state, 0);
    if (this.#unsaved) await this.#store.save({ best: this.#unsaved, lead: this.#plan.lead });
    this.#unsaved = null;
    return this.#best?.epoch ?? null;
  }

  async #keep(state: LoopState, epoch: number): Promise<void> {
    const metrics = epoch === 0 ? {} : state.metrics;
    this.#best = { weights: await this.#fit.weights(), epoch, step: state.step, metrics };
    this.#unsaved = this.#best;
  }

  async #begin(state: LoopState): Promise<void> {
    const started = performance.now();
    const last = { state: await this.#fit.state(), loop: structuredClone(state) };
    const best = this.#unsaved;
    this.#pending = (async () => {
      try {
        // The series must be stored up to this step before a checkpoint says so.
        await this.#writer.flush();
        await this.#store.save({ last, ...(best ? { best } : {}), lead: this.#plan.lead });
        if (this.#unsaved === best) this.#unsaved = null;
        if (this.#failing) this.#writer.log('info', `Checkpoints are saved again, this one at step ${last.loop.step}.`);
        this.#failing = false;
      } catch (error) {
        const message = `A checkpoint could not be saved and is tried again: ${(error as Error).message}`;
        // Once: a disk that is full overnight must not fill the log as well.
        if (!this.#failing) this.#writer.log('warning', message);
        this.#failing = true;
      } finally {
        this.#due = performance.now() + Math.max(EVERY_MS, (performance.now() - started) * SHARE);
        this.#pending = null;
      }
    })();
  }
}
