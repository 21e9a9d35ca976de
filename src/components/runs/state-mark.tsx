import { Check, Circle, Square, X } from 'lucide-react';
import { ordinal } from '#core/format/numbers.ts';
import type { RunState } from '#core/run/lifecycle.ts';

export interface StateOf {
  state: RunState;
  stopRequestedAt: Date | null;
  stopReason: string | null;
  /** it trained, its trainer was lost, and no other has taken it over yet */
  interrupted: boolean;
  queuePosition?: number | null;
}

/** The state of a run in a word, as one says it. */
export function stateWord({ state, stopRequestedAt, stopReason, interrupted, queuePosition }: StateOf): string {
  switch (state) {
    case 'queued':
      return queuePosition === null || queuePosition === undefined ? 'Queued' : `Queued, ${ordinal(queuePosition + 1)}`;
    case 'running':
      if (interrupted) return 'Interrupted';
      return stopRequestedAt ? 'Stopping' : 'Training';
    case 'finished':
      return stopReason === 'early_stopping' ? 'Stopped early' : 'Finished';
    case 'stopped':
      return 'Stopped';
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return stopReason === 'not_a_number' ? 'Not a number' : 'Failed';
  }
}

/** A mark and the word; the mark alone is never the message. */
export function StateMark(run: StateOf) {
  return (
    <span className={run.state === 'failed' ? 'dot bad' : run.interrupted ? 'dot warn' : 'dot'}>
      <Mark state={run.interrupted ? 'queued' : run.state} />
      {stateWord(run)}
    </span>
  );
}

function Mark({ state }: { state: RunState }) {
  switch (state) {
    case 'queued':
      return <Circle strokeWidth={3} aria-hidden />;
    case 'running':
      return <Circle className="live" fill="currentColor" aria-hidden />;
    case 'finished':
      return <Check strokeWidth={4} aria-hidden />;
    case 'stopped':
    case 'cancelled':
      return <Square fill="currentColor" aria-hidden />;
    case 'failed':
      return <X strokeWidth={4} aria-hidden />;
  }
}
