import { stepItems } from '#core/config/check-config.ts';
import type { Fit } from '#engine/engine.ts';
import type { FitPlan } from './plan.ts';

/** Batches that are read ahead where a part is streamed: one more than computing takes hides a slow read. */
const AHEAD = 2;

/** The items of each step, a function of plan and step alone. Keeps the orders of at most two epochs. */
export class Batches {
  readonly #plan: FitPlan;
  readonly #orders = new Map<number, Int32Array>();
  #named = 0;

  constructor(plan: FitPlan) {
    this.#plan = plan;
  }

  /** The items of step `step`, counted from 0. */
  at(step: number): Int32Array {
    const { stepsPerEpoch, config } = this.#plan;
    const epoch = Math.floor(step / stepsPerEpoch);
    const items = stepItems(config);
    const first = (step - epoch * stepsPerEpoch) * items;
    return this.#order(epoch + 1).subarray(first, first + items);
  }

  /** The items of step `step`, having told `fit` of the steps after it. */
  take(fit: Pick<Fit, 'prefetch'>, step: number): Int32Array {
    const last = Math.min(step + AHEAD, this.#plan.totalSteps - 1);
    for (this.#named = Math.max(this.#named, step); this.#named <= last; this.#named++)
      fit.prefetch(this.at(this.#named));
    return this.at(step);
  }

  #order(epoch: number): Int32Array {
    let order = this.#orders.get(epoch);
    if (!order) {
      order = this.#plan.order(epoch);
      this.#orders.set(epoch, order);
      this.#orders.delete(epoch - 2);
    }
    return order;
  }
}
