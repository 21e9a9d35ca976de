import type { Ending } from '#core/run/stop-reasons.ts';
import type { Fit } from '#engine/engine.ts';
import type { CheckpointStore } from '../checkpoint-store.ts';
import type { Callback } from './callback.ts';
import { fitLoop } from './loop.ts';
import type { LoopState } from './loop-state.ts';
import type { FitPlan } from './plan.ts';

/** One batch of each part through everything that a run does: step, validation, callbacks, a checkpoint written and read back. */
export async function fastDevRun(
  fit: Pick<Fit, 'step' | 'prefetch' | 'evaluate' | 'state' | 'restore'>,
  plan: FitPlan,
  state: LoopState,
  store: Pick<CheckpointStore, 'save' | 'load'>,
  callbacks: readonly Callback[],
  interrupted: () => boolean,
): Promise<Ending | null> {
  const ending = await fitLoop(fit, plan, state, callbacks, interrupted);
  if (ending?.reason !== 'completed') return ending;
  await store.save({ last: { state: await fit.state(), loop: state }, lead: plan.lead });
  await fit.restore((await store.load(plan.monitor))!.state);
  return {
    reason: 'completed',
    message: 'Everything works: one batch trained, one validated, a checkpoint written and read back.',
  };
}
