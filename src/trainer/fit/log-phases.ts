import { PHASES } from '#core/run/phases.ts';
import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';
import type { PhaseClock } from './phases.ts';

/** Every epoch's seconds by phase. What an epoch's end itself takes counts to the next. */
export function logPhases(writer: Pick<RunWriter, 'point'>, clock: PhaseClock): Callback {
  return {
    onEpoch({ state }) {
      const seconds = clock.take();
      for (const phase of PHASES) writer.point(`profile/${phase}`, state.step, seconds[phase]);
      return undefined;
    },
  };
}
