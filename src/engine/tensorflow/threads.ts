/**
 * Multiply-adds of one step that pay for one more thread. Under it, handing pieces from thread to thread costs more than it
 * saves: on two threads a step of 2 million took 2.3 times as long as on one, one of 27 million 0.87 times (docs/benchmarks.md).
 */
const WORK_A_THREAD = 16e6;

/** Threads for steps of `multAdds`, of the whole batch. A function of the run's configuration, so that a resumed run gets the same. */
export function stepThreads(multAdds: number, available: number): number {
  return Math.min(available, Math.max(1, Math.ceil(multAdds / WORK_A_THREAD)));
}
