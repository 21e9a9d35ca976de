import { inputShape } from './plan.ts';
import type { InputSpec, TaskSpec } from './spec.ts';

/** How much of a trainer's memory one run may take, and whether its data set is held there or read from its file batch by batch. */

/** The rest is left to the system and to the processes beside the training one. */
const RUN_SHARE = 0.8;
/** Of what a run may take, so much may be its data: while it loads it lies in memory up to three times. */
const DATA_SHARE = 0.25;

/** Bytes that each of the runs that a trainer trains at once may take. */
export function runMemory({ memoryBytes, slots }: { memoryBytes: number; slots: number }): number {
  return (memoryBytes / slots) * RUN_SHARE;
}

/** Bytes of `items` inputs and answers as a pack holds them. */
export function dataBytes(input: InputSpec, task: TaskSpec, items: number): number {
  const x = inputShape(input).reduce((a, b) => a * b, 1) * (input.kind === 'image' ? 1 : 4);
  const y = task.kind === 'classification' ? 4 : 4 * task.targets;
  return items * (x + y);
}

/** Data that would take too much beside a step of `step` bytes stays in its file: it never keeps a run from fitting. */
export function dataStreams(data: number, step: number, budget: number): boolean {
  return data > DATA_SHARE * budget || data + step > budget;
}
