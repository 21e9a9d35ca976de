import { layerModules } from '#core/model/modules.ts';
import type { LayerPlan } from '#core/model/plan.ts';

/**
 * Multiply-adds of one step that pay for one more thread. Under it, handing work from thread to thread costs more than it
 * saves (docs/benchmarks.md).
 */
const WORK_A_THREAD = 16e6;
/** Adding up one number of one slice's gradients takes about as long as so many multiply-adds: it waits for memory. */
const SUM = 30;
/** What slices keep beside the step, a set of gradients each, may be this share of what layers give. */
const GRADIENTS = 1 / 2;

export interface Threading {
  /** Slices of a batch that are computed side by side. */
  slices: number;
  /** Threads of each operation of a slice. */
  threads: number;
}

/** Of one step on `items`. */
export interface StepWork {
  items: number;
  multAdds: number;
  /** numbers of its gradients */
  trainable: number;
  /** numbers that its layers give */
  outputs: number;
}

/** O(layers). */
export function workOf(plan: readonly LayerPlan[], items: number): StepWork {
  const work = { items, multAdds: 0, trainable: 0, outputs: 0 };
  for (const layer of plan) {
    for (const { multAdds } of layerModules(layer, items)) work.multAdds += multAdds;
    for (const { shape, trainable } of layer.weights) if (trainable) work.trainable += product(shape);
    work.outputs += items * product(layer.output);
  }
  return work;
}

/**
 * How a step uses up to `available` threads. A batch is cut into slices, each with threads of its own: they then meet once a step,
 * where the slices' gradients are added up, instead of in each of its hundred operations. The sums grow with the slices while
 * what each computes shrinks; where a step has few multiply-adds for its parameters, fewer slices share the threads.
 * A function of the run's configuration, so that a resumed run gets the same.
 */
export function stepThreading({ items, multAdds, trainable, outputs }: StepWork, available: number): Threading {
  const threads = Math.min(available, Math.max(1, Math.ceil(multAdds / WORK_A_THREAD)));
  const sums = Math.max(1, trainable);
  const most = Math.min(items, Math.sqrt(multAdds / (SUM * sums)), 1 + (GRADIENTS * outputs) / sums);
  // Slices of equal threads leave none idle.
  let slices = Math.max(1, Math.min(threads, Math.floor(most)));
  while (threads % slices > 0) slices--;
  return { slices, threads: threads / slices };
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
