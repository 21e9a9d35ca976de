import type { Pool } from 'pg';
import { itemReport } from '#core/metric/item-report.ts';
import { isCheck } from '#core/run/modes.ts';
import { putItemReport } from '#db/runs/item-report.ts';
import { type Held, LeaseLostError } from '#db/runs/queue.ts';
import type { Prepared } from './prepare.ts';
import type { RunWriter } from './run-writer.ts';

/** What the best weights answer to each item of the validation part, for the run's page. Its failure is a line of the log, never the run's. */
export async function reportItems(prepared: Prepared, pool: Pool, held: Held, writer: RunWriter): Promise<void> {
  const { engine, model, input, task, validation, checkpointer, plan } = prepared;
  const { best } = checkpointer;
  if (!best || isCheck(plan.config)) return;
  try {
    const answers = await engine.predict(model, input, task, best.weights, validation.x, validation.n);
    await putItemReport(pool, held, itemReport(task, answers, validation.y, best.epoch));
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    console.error(error);
    writer.log('warning', `Its worst validation items could not be found: ${(error as Error).message}`);
  }
}
