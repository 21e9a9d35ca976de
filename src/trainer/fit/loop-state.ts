import { z } from 'zod';
import { NO_BEST } from '#core/run/early-stopping.ts';
import { NO_PLATEAU } from '#core/run/plateau.ts';

/** Everything that the next step depends on beside the engine's own state; plain JSON, so that a resumed run goes on exactly. */

const memory = z.object({ best: z.number().nullable(), bestEpoch: z.int(), waited: z.int() });
/** JSON writes what is not a number as null. */
const metrics = z.record(
  z.string(),
  z
    .number()
    .nullable()
    .transform((value) => value ?? Number.NaN),
);

export const loopStateSchema = z.object({
  /** epochs done */
  epoch: z.int().min(0),
  /** optimiser updates done; with `epoch` it gives the place in the epoch's order */
  step: z.int().min(0),
  /** of the running epoch, over its items (classes) or present targets (regression); `weight` where classes weigh differently */
  sums: z.object({ loss: z.number(), metric: z.number(), count: z.number(), weight: z.number().optional() }),
  best: memory,
  earlyStopping: memory,
  /** of the schedule that falls on a plateau */
  plateau: z
    .object({ best: z.number().nullable(), waited: z.int(), cooldown: z.int(), falls: z.int() })
    .default(NO_PLATEAU),
  /** of the last epoch, by series name */
  metrics,
  bestMetrics: metrics,
  bestStep: z.int().min(0),
});
export type LoopState = z.infer<typeof loopStateSchema>;

export function newLoopState(): LoopState {
  return {
    epoch: 0,
    step: 0,
    sums: { loss: 0, metric: 0, count: 0 },
    best: NO_BEST,
    earlyStopping: NO_BEST,
    plateau: NO_PLATEAU,
    metrics: {},
    bestMetrics: {},
    bestStep: 0,
  };
}
