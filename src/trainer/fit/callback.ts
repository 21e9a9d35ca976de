import type { Phase } from '#core/run/phases.ts';
import type { Ending } from '#core/run/stop-reasons.ts';
import type { StepResult } from '#engine/engine.ts';
import type { LoopState } from './loop-state.ts';

export interface StepEvent {
  /** after the update */
  state: LoopState;
  result: StepResult;
  learningRate: number;
  /** items of the batch */
  items: number;
}

export interface EpochEvent {
  /** with the epoch counted as done */
  state: LoopState;
  /** whether this epoch is the best so far */
  improved: boolean;
}

/** What happens beside the training; called in the order of the list. Hooks of a step are on the hot path. */
export interface Callback {
  /** what its time counts as; left out: log */
  readonly phase?: Phase;
  beforeStep?(state: LoopState): void | Promise<void>;
  /** Whether the result of the coming step is to have its gradients. */
  wantsGradients?(state: LoopState): boolean;
  onStep?(event: StepEvent): void | Promise<void>;
  /** After the epoch's evaluation. An answer ends the run. */
  onEpoch?(event: EpochEvent): Ending | undefined | Promise<Ending | undefined>;
  /** Around what takes time but trains nothing, so that throughput leaves it out. */
  onPause?(): void;
  onResume?(): void;
}
