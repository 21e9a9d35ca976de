import { z } from 'zod';
import { LADDER, whyNoLadder } from '#core/comparison/ladder.ts';
import { AppError } from '#core/errors.ts';
import { scaleWidth } from '#core/model/scale.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type Arm, readBase, type Started, seedsFor, startComparison } from './start-comparison.ts';
import { seedCount } from './try-remedy.ts';

export const launchLadderInput = z.strictObject({ runId: z.string(), seeds: seedCount.unwrap().default(1) });
export type LaunchLadderInput = z.infer<typeof launchLadderInput>;

/**
 * The run's model at five widths, everything else alike. Sizes that come out equal (a hidden layer of one unit can't shrink) are trained once.
 * Throws AppError conflict where the run can have none (whyNoLadder).
 */
export async function launchLadder(db: Db, actor: Actor, input: LaunchLadderInput): Promise<Started> {
  const access = await requireRun(db, actor, input.runId, 'run');
  const base = await readBase(db, access.runId);
  const why = whyNoLadder(base.config);
  if (why) throw new AppError('conflict', why);
  const arms = new Map<string, Arm>();
  // The run's own size first: it is what the others are copies of, and what equal ones count as.
  for (const arm of [1, ...LADDER.filter((factor) => factor !== 1)]) {
    const model = scaleWidth(base.config.model, arm);
    const key = JSON.stringify(model);
    const name = arm === 1 ? base.name : `${base.name} × ${arm}`;
    if (!arms.has(key)) arms.set(key, { arm, name, config: { ...base.config, model } });
  }
  const seeds = await seedsFor(db, base, input.seeds);
  return startComparison(db, actor, access, { kind: 'ladder', remedy: null, base }, [...arms.values()], seeds);
}
