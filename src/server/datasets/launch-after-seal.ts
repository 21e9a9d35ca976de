import { z } from 'zod';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import { transaction } from '#db/sql/transaction.ts';
import { onBehalfOf } from '../actor.ts';
import { launchRun } from '../runs/launch-run.ts';

/** Runs that were ordered together with an upload. Names are unique in a plan; each run after the first is its copy. */
export type LaunchPlan = { name: string; config: RunConfig }[];
const planSchema = z.array(z.strictObject({ name: z.string(), config: runConfigSchema }));

/**
 * Launches what was ordered for data sets that are sealed by now. The row is held meanwhile, and a run that is there
 * already isn't launched again, so any number of processes may call it, and a crash in the middle is made good by the
 * next call. O(data sets with a plan).
 */
export async function launchAfterSeal(db: Db): Promise<void> {
  while (await launchOne(db));
}

async function launchOne(db: Db): Promise<boolean> {
  return transaction(db.pool, async (client) => {
    // NO KEY: a new run's foreign key must still be able to look at the row.
    const { rows } = await client.query<{ id: string; projectId: string; createdById: string; afterSeal: unknown }>(
      `SELECT id, "projectId", "createdById", "afterSeal" FROM "Dataset"
       WHERE state = 'sealed' AND "afterSeal" IS NOT NULL ORDER BY "sealedAt" LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    );
    const row = rows[0];
    if (!row) return false;
    try {
      await launchPlan(db, row, planSchema.parse(row.afterSeal));
    } catch (error) {
      // Who ordered it may have left the team since, or the configuration no longer fits: the plan is dropped.
      if (!(error instanceof AppError)) throw error;
      console.error(`[after seal] ${row.id}: ${error.message}`);
    }
    await client.query(`UPDATE "Dataset" SET "afterSeal" = NULL WHERE id = $1`, [row.id]);
    return true;
  });
}

async function launchPlan(
  db: Db,
  { id, projectId, createdById }: { id: string; projectId: string; createdById: string },
  plan: LaunchPlan,
): Promise<void> {
  let parentId: string | undefined;
  for (const { name, config } of plan) {
    const there = await db.prisma.run.findFirst({ where: { datasetId: id, name }, select: { id: true } });
    const run = there ?? (await launchRun(db, onBehalfOf(createdById), { projectId, name, config, parentId })).runs[0]!;
    parentId ??= run.id;
  }
}
