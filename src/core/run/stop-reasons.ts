import { AppError } from '../errors.ts';
import type { RunState } from './lifecycle.ts';

/** Why a run ended, and the state that it ends in. */
export const STOP_REASONS = {
  completed: 'finished',
  early_stopping: 'finished',
  stopped_by_person: 'stopped',
  cancelled_by_person: 'cancelled',
  not_a_number: 'failed',
  out_of_memory: 'failed',
  bad_data: 'failed',
  engine_error: 'failed',
  crashed: 'failed',
} as const satisfies Record<string, RunState>;
export type StopReason = keyof typeof STOP_REASONS;

interface Ended {
  state: RunState;
  stopRequestedAt: Date | null;
  stopReason: string | null;
}

/** It broke by itself as a figure became not a number: so would another of its configuration and seed, training being deterministic. */
export function hasDiverged({ stopReason }: Pick<Ended, 'stopReason'>): boolean {
  return stopReason === ('not_a_number' satisfies StopReason);
}

/** A person or an error ended it, or will: it is not like another of its configuration, which is trained anew where one is asked for. */
export function wasCutShort(run: Ended): boolean {
  return run.stopRequestedAt !== null || !(['queued', 'running', 'finished'].includes(run.state) || hasDiverged(run));
}

export interface Ending {
  reason: StopReason;
  /** One sentence for the person. */
  message: string;
}

/** `what`: the series that broke first; `step` counted from 1. */
export function notANumber(what: string, value: number, step: number): Ending {
  return {
    reason: 'not_a_number',
    message:
      `${what} became ${Number.isNaN(value) ? 'not a number' : value < 0 ? '-infinity' : 'infinite'} at step ${step}. ` +
      'The learning rate is most often too high: try a tenth of it, or a warm-up.',
  };
}

/** Turns whatever an engine threw into words; the original text goes to the run's log. */
export function endingOfError(error: unknown): Ending {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof AppError && error.code === 'invalid_data') return { reason: 'bad_data', message: text };
  if (/resource.?exhausted|out of memory|\bOOM\b|allocation failed|failed to allocate|bad_alloc/i.test(text))
    return {
      reason: 'out_of_memory',
      message:
        error instanceof AppError
          ? text
          : 'The device ran out of memory. Halve the batch size, or make the largest layer smaller.',
    };
  return {
    reason: 'engine_error',
    message: error instanceof AppError ? text : `The engine failed: ${firstLine(text)}`,
  };
}

/** A training process that died without a word, `attempts` times at the same place. */
export function crashed(how: string, attempts: number, step: number): Ending {
  return {
    reason: 'crashed',
    message:
      `The training process ended ${attempts} times after step ${step} (${how}). ` +
      'Most often the machine ran out of memory: halve the batch size or make the model smaller.',
  };
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]!.trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
