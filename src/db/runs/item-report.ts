import type { Pool } from 'pg';
import type { ItemReport } from '#core/metric/item-report.ts';
import { transaction } from '../sql/transaction.ts';
import { type Held, holdAttempt } from './queue.ts';

/** Puts the report in place of an earlier one. Throws LeaseLostError. */
export async function putItemReport(pool: Pool, held: Held, report: ItemReport): Promise<void> {
  await transaction(pool, async (client) => {
    await holdAttempt(client, held);
    await client.query(
      `INSERT INTO "RunItemReport" ("runId", report) VALUES ($1, $2)
       ON CONFLICT ("runId") DO UPDATE SET report = EXCLUDED.report, "createdAt" = now()`,
      [held.runId, JSON.stringify(report)],
    );
  });
}
