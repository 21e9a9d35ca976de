import { expect, it } from 'vitest';
import { nextSealState, SEAL_EVENTS, SEAL_STATES, type SealEvent, type SealState } from './lifecycle.ts';

const ALLOWED: [SealState, SealEvent, SealState][] = [
  ['none', 'seal', 'sealed'],
  ['sealed', 'commit', 'committed'],
  ['committed', 'open', 'opened'],
];

it.each(SEAL_STATES.flatMap((state) => SEAL_EVENTS.map((event) => [state, event] as const)))(
  '%s, %s',
  (state, event) => {
    const allowed = ALLOWED.find(([from, by]) => from === state && by === event);
    expect(nextSealState(state, event)).toBe(allowed ? allowed[2] : null);
  },
);

it('only goes forward, one step at a time, and ends opened', () => {
  for (const [from, , to] of ALLOWED) expect(SEAL_STATES.indexOf(to)).toBe(SEAL_STATES.indexOf(from) + 1);
  expect(SEAL_EVENTS.every((event) => nextSealState('opened', event) === null)).toBe(true);
});
