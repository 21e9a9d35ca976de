import { z } from 'zod';

/** Where a run's first weights come from, and which of them stay as they are. Part of a run's configuration. */

const layer = z.string().min(1).max(80);

export const startFromSchema = z.strictObject({
  source: z.union([
    /** its best weights */
    z.strictObject({ run: z.uuid() }),
    /** an uploaded model */
    z.strictObject({ model: z.uuid() }),
  ]),
  /** The source's last layer whose weights are taken over; null: all of them. What comes after it begins from the seed. */
  cutAfter: layer.nullable().default(null),
  /** Every layer up to this one keeps its weights and runs in inference mode, batch norm included; null: all are trained. */
  freezeUpTo: layer.nullable().default(null),
  /** After so many epochs nothing is frozen any more: the optimiser and the schedule start anew, at this learning rate. */
  secondStage: z
    .strictObject({ epoch: z.int().min(1).max(100_000), learningRate: z.number().gt(0).max(10) })
    .nullable()
    .default(null),
});
export type StartFrom = z.infer<typeof startFromSchema>;

/** All of a run's best weights, as it would go on: what it froze, and until when, stays. */
export function startFromRun({ id, config }: { id: string; config: { startFrom: StartFrom | null } }): StartFrom {
  return {
    source: { run: id },
    cutAfter: null,
    freezeUpTo: config.startFrom?.freezeUpTo ?? null,
    secondStage: config.startFrom?.secondStage ?? null,
  };
}
