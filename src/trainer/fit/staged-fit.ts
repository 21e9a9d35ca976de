import type { Fit, FitSpec, TensorMap } from '#engine/engine.ts';
import { isOptimizerState, STEP } from '#engine/state.ts';

/** What a stage adds to the run's FitSpec. */
export type StageSpec = Pick<FitSpec, 'frozen' | 'initial' | 'optimizerStart'>;

/**
 * A fit whose frozen layers are trained from step `secondAt` on: there its weights go over into one that freezes nothing,
 * with an optimiser that starts anew. Where it stands follows from the step alone, so that it resumes exactly.
 */
export class StagedFit implements Fit {
  readonly #open: (stage: StageSpec) => Promise<Fit>;
  readonly #first: StageSpec;
  readonly #secondAt: number;
  #fit: Fit;
  #second = false;
  #step = 0;

  private constructor(open: (stage: StageSpec) => Promise<Fit>, first: StageSpec, secondAt: number, fit: Fit) {
    this.#open = open;
    this.#first = first;
    this.#secondAt = secondAt;
    this.#fit = fit;
  }

  static async open(open: (stage: StageSpec) => Promise<Fit>, first: StageSpec, secondAt: number): Promise<StagedFit> {
    return new StagedFit(open, first, secondAt, await open(first));
  }

  get mode(): Fit['mode'] {
    return this.#fit.mode;
  }

  async step(...of: Parameters<Fit['step']>) {
    if (!this.#second && this.#step >= this.#secondAt) await this.#goOn(await this.#fit.state());
    const result = await this.#fit.step(...of);
    this.#step++;
    return result;
  }

  get threads(): number {
    return this.#fit.threads;
  }

  prefetch(indices: Int32Array): void {
    this.#fit.prefetch(indices);
  }

  evaluate(part: 'train' | 'validation') {
    return this.#fit.evaluate(part);
  }

  weights() {
    return this.#fit.weights();
  }

  trainable() {
    return this.#fit.trainable();
  }

  state() {
    return this.#fit.state();
  }

  async restore(state: TensorMap): Promise<void> {
    const step = state.get(STEP)?.data[0] ?? 0;
    // At the very step the first stage has ended and the second has not begun: the first one's state says all.
    if (step > this.#secondAt && !this.#second) await this.#goOn(await this.#fit.state());
    try {
      await this.#fit.restore(state);
    } catch (error) {
      // Whoever goes on in spite of it begins anew, so in the first stage.
      await this.#replace(this.#first);
      this.#second = false;
      throw error;
    }
    this.#step = step;
  }

  close() {
    return this.#fit.close();
  }

  async #goOn(state: TensorMap): Promise<void> {
    const step = { shape: [1], dtype: 'int32' as const, data: Int32Array.of(this.#secondAt) };
    const initial = new Map([...[...state].filter(([name]) => !isOptimizerState(name)), [STEP, step]]);
    await this.#replace({ initial, optimizerStart: this.#secondAt });
    this.#second = true;
  }

  /** The old one goes first: two at once may not fit into memory. */
  async #replace(stage: StageSpec): Promise<void> {
    await this.#fit.close();
    this.#fit = await this.#open(stage);
  }
}
