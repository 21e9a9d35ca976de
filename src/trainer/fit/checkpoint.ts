import type { Fit } from '#engine/engine.ts';
import type { CheckpointStore, EpochWeights } from '../checkpoint-store.ts';
import type { RunWriter } from '../run-writer.ts';
import type { Callback, StepEvent } from './callback.ts';
import { KeptEpochs } from './kept-epochs.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

const EVERY_MS = 5_000;
/** A checkpoint may take up to a twentieth of the time: a large model is saved less often. */
const SHARE = 20;
/** Bytes of kept epochs' weights that may wait in memory to be saved; then the training waits. */
const MOST_WAITING = 128 * 1024 ** 2;

/**
 * Keeps the best weights in memory, and those of other epochs as configured, and saves them with everything that the next
 * step depends on. The loop waits only while the engine's state is copied; files and rows are written while it goes on.
 */
export class Checkpointer implements Callback {
  readonly phase = 'checkpoint';
  readonly #fit: Pick<Fit, 'state' | 'weights'>;
  readonly #plan: FitPlan;
  readonly #store: Pick<CheckpointStore, 'save'>;
  readonly #writer: Pick<RunWriter, 'flush' | 'log'>;
  #best: EpochWeights | null;
  /** what of the best is not yet saved by this attempt */
  #unsaved: EpochWeights | null;
  readonly #kept: KeptEpochs;
  #pending: Promise<void> | null = null;
  /** the last save failed, and the log says so */
  #failing = false;
  #due: number;

  /**
   * @param best what an earlier attempt left
   * @param kept what is watched, of the epochs that an earlier attempt kept beside it
   */
  constructor(
    fit: Pick<Fit, 'state' | 'weights'>,
    plan: FitPlan,
    store: Pick<CheckpointStore, 'save'>,
    writer: Pick<RunWriter, 'flush' | 'log'>,
    best: EpochWeights | null,
    kept: ReadonlyMap<number, number> = new Map(),
  ) {
    this.#fit = fit;
    this.#plan = plan;
    this.#store = store;
    this.#writer = writer;
    this.#best = best;
    this.#unsaved = best;
    this.#kept = new KeptEpochs(plan.config.checkpoints, plan.monitorRule.direction, kept);
    this.#due = performance.now() + EVERY_MS;
  }

  get best(): EpochWeights | null {
    return this.#best;
  }

  onStep({ state, result }: Pick<StepEvent, 'state' | 'result'>): Promise<void> | undefined {
    if (performance.now() < this.#due || this.#pending) return undefined;
    // What broke is no place to go on from: the checkpoint before it stays.
    if (!Number.isFinite(result.loss)) return undefined;
    return this.#begin(state);
  }

  async onEpoch({ state, improved }: { state: LoopState; improved: boolean }): Promise<undefined> {
    if (improved) await this.#keep(state, state.epoch);
    const { epoch, step, metrics } = state;
    const value = metrics[this.#plan.monitor] ?? Number.NaN;
    const weights = async () =>
      (improved && this.#best) || { weights: await this.#fit.weights(), epoch, step, metrics };
    await this.#kept.add(epoch, value, weights);
    if (this.#kept.waiting > MOST_WAITING) await this.saveLast(state);
  }

  /** What is being written is written. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  /** Saves now and waits for it. */
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
    const change = this.#kept.change();
    if (this.#unsaved || change.kept.length + change.dropped.length > 0)
      await this.#store.save({ ...(this.#unsaved ? { best: this.#unsaved } : {}), ...change, lead: this.#plan.lead });
    this.#kept.saved(change);
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
    const change = this.#kept.change();
    this.#pending = (async () => {
      try {
        // The series must be stored up to this step before a checkpoint says so.
        await this.#writer.flush();
        await this.#store.save({ last, ...(best ? { best } : {}), ...change, lead: this.#plan.lead });
        this.#kept.saved(change);
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
