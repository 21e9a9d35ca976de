/**
 * Multiply-adds of one step that pay for one more thread. Under it, handing work from thread to thread costs more than it
 * saves (docs/benchmarks.md).
 */
const WORK_A_THREAD = 16e6;
/** Adding up one number of one slice's gradients takes about as long as so many multiply-adds: it waits for memory. */
const SUM = 30;

export interface Threading {
  /** Slices of a batch that are computed side by side. */
  slices: number;
  /** Threads of each operation of a slice. */
  threads: number;
}

/**
 * How a step of `multAdds` (of the whole batch) with `parameters` uses up to `available` threads. A batch is cut into slices, each with
 * a thread of its own: threads then meet once a step, where the slices' gradients are added up, instead of in each of its hundred
 * operations. The sums grow with the slices and what each computes shrinks; where a step has few multiply-adds for its parameters
 * fewer slices share the threads. A function of the run's configuration, so that a resumed run gets the same.
 */
export function stepThreading(multAdds: number, parameters: number, available: number): Threading {
  const threads = Math.min(available, Math.max(1, Math.ceil(multAdds / WORK_A_THREAD)));
  const slices = Math.min(threads, Math.max(1, Math.floor(Math.sqrt(multAdds / (SUM * Math.max(1, parameters))))));
  return { slices, threads: Math.floor(threads / slices) };
}
