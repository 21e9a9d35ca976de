import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { CUSTOM_GROUP, MAX_POINTS_PER_REQUEST } from '#core/run/series.ts';
import type { Db } from '#db/client.ts';
import { notify } from '#db/events/events.ts';
import { appendPoints } from '#db/series/series.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

/** The last moment that a Date can hold (ECMA-262, 21.4.1.1): what lies beyond could be stored but never be shown. */
const LAST_MS = 8.64e15;

export const logPointsInput = z.strictObject({
  series: z
    .array(
      z.strictObject({
        name: z.string().startsWith(CUSTOM_GROUP, `use a name below ${CUSTOM_GROUP}, such as ${CUSTOM_GROUP}f1`),
        steps: z.array(z.int()).max(MAX_POINTS_PER_REQUEST),
        values: z.array(z.number().nullable()).max(MAX_POINTS_PER_REQUEST).describe('null where it was not a number'),
        times: z
          .array(z.number().min(0).max(LAST_MS))
          .max(MAX_POINTS_PER_REQUEST)
          .optional()
          .describe('milliseconds since 1970; default: now'),
      }),
    )
    .min(1)
    .max(200),
});
export type LogPointsInput = z.infer<typeof logPointsInput>;

/** Points that a script logs to a run. Those whose step is not above the series' last one are skipped, so a batch may be sent again. */
export async function logPoints(
  db: Db,
  actor: Actor,
  runId: string,
  input: LogPointsInput,
): Promise<{ stored: number; skipped: number }> {
  const { projectId, ...access } = await requireRun(db, actor, runId, 'run');
  const names = input.series.map((s) => s.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new AppError('bad_request', `"${twice}" is there twice. Send each series once.`);
  const now = Date.now();
  const series = input.series.map(({ name, steps, values, times }) => ({
    name,
    steps,
    values: values.map((v) => v ?? Number.NaN),
    times: times ?? steps.map(() => now),
  }));
  const result = await appendPoints(db.pool, access.runId, series);
  await notify(db.pool, { topic: 'run', id: access.runId, projectId });
  return result;
}
