/** A run's life. In the database each transition is one conditional UPDATE that names the states it may start from (src/db/sql/runs.ts). */

export const RUN_STATES = ['queued', 'running', 'finished', 'stopped', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const RUN_EVENTS = ['claim', 'take_over', 'release', 'finish', 'stop', 'fail', 'cancel'] as const;
/**
 * claim: a trainer takes it; take_over: another trainer's lease ended; release: the trainer shuts down and gives it back;
 * finish: all epochs done or early stopping; stop: a person asked; cancel: a person asked before it ever ran.
 */
export type RunEvent = (typeof RUN_EVENTS)[number];

const TABLE: Record<RunState, Partial<Record<RunEvent, RunState>>> = {
  queued: { claim: 'running', cancel: 'cancelled', stop: 'stopped', fail: 'failed' },
  running: {
    take_over: 'running',
    release: 'queued',
    finish: 'finished',
    stop: 'stopped',
    fail: 'failed',
  },
  finished: {},
  stopped: {},
  failed: {},
  cancelled: {},
};

/** The state after `event`, or null where the event is not possible. */
export function nextState(state: RunState, event: RunEvent): RunState | null {
  return TABLE[state][event] ?? null;
}

/** No event leads out of it. */
export function isOver(state: RunState): boolean {
  return Object.keys(TABLE[state]).length === 0;
}
