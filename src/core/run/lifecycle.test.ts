import { expect, test } from 'vitest';
import { isOver, nextState, RUN_EVENTS, RUN_STATES, type RunEvent, type RunState } from './lifecycle.ts';
import { hasDiverged, STOP_REASONS, wasCutShort } from './stop-reasons.ts';

const ALLOWED: [RunState, RunEvent, RunState][] = [
  ['queued', 'claim', 'running'],
  ['queued', 'cancel', 'cancelled'],
  ['queued', 'stop', 'stopped'],
  ['queued', 'fail', 'failed'],
  ['running', 'take_over', 'running'],
  ['running', 'release', 'queued'],
  ['running', 'finish', 'finished'],
  ['running', 'stop', 'stopped'],
  ['running', 'fail', 'failed'],
];

test('every pair of state and event does what the list says and nothing else', () => {
  for (const state of RUN_STATES)
    for (const event of RUN_EVENTS) {
      const allowed = ALLOWED.find(([s, e]) => s === state && e === event);
      expect(nextState(state, event), `${state} ${event}`).toBe(allowed?.[2] ?? null);
    }
});

test('every stop reason ends in a state that nothing leaves', () => {
  expect(RUN_STATES.filter(isOver)).toEqual(['finished', 'stopped', 'failed', 'cancelled']);
  for (const state of Object.values(STOP_REASONS)) expect(isOver(state)).toBe(true);
});

test('a run that became not a number ended by itself; one that a person or an error ended was cut short', () => {
  const run = (state: RunState, stopReason: string | null = null, stopRequestedAt: Date | null = null) => ({
    state,
    stopReason,
    stopRequestedAt,
  });
  const broke = run('failed', 'not_a_number');
  expect([broke, run('failed', 'crashed')].map(hasDiverged)).toEqual([true, false]);
  expect([broke, run('queued'), run('running'), run('finished', 'completed')].some(wasCutShort)).toBe(false);
  const cut = [run('failed', 'crashed'), run('stopped'), run('cancelled'), run('running', null, new Date(0))];
  expect(cut.every(wasCutShort)).toBe(true);
});
