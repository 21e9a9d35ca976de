import { randomUUID } from 'node:crypto';
import { reportKeyOf, uploadKeyOf } from '#core/data/blob-keys.ts';
import {
  automaticSchema,
  checkDecision,
  type Decision,
  decisionSchema,
  proposedDecision,
} from '#core/data/decision.ts';
import { AppError, type ErrorItem } from '#core/errors.ts';
import { notify } from '#db/events/events.ts';
import { CANCEL_ABANDONED, CLAIM_DATASET, ENDED_WITH_FILES, LEAVE_DATASET, RELEASE_DATASET } from '#db/sql/datasets.ts';
import type { RefereeContext } from '../context.ts';
import { logWords } from '../log-words.ts';
import { isSplit, sealDataset } from '../seal/seal-dataset.ts';
import { Wake } from '../wake.ts';
import { inspect } from './inspect.ts';
import type { Job } from './job.ts';
import { Lease } from './lease.ts';
import { deletePlaintext, deleteResults } from './workspace.ts';

interface Claimed {
  id: string;
  projectId: string;
  name: string;
  filename: string;
  state: 'inspecting' | 'splitting';
  decision: unknown;
  attempts: number;
}

/** Also how soon a killed worker's lease is noticed once it has run out. */
const POLL_MS = 2_000;
/** A file that ended the process this often would end it forever. */
const MAX_ATTEMPTS = 3;

/** Inspects uploads and seals confirmed ones, one at a time, until `signal` aborts. */
export async function ingestWorker(ctx: RefereeContext, signal: AbortSignal): Promise<void> {
  const wake = new Wake(ctx.events, 'dataset');
  while (!signal.aborted) {
    try {
      const holder = randomUUID();
      const { rows } = await ctx.db.pool.query<Claimed>(CLAIM_DATASET, [holder]);
      if (rows[0]) await work(ctx, rows[0], holder, signal);
      else {
        await sweep(ctx);
        await wake.wait(POLL_MS, signal);
      }
    } catch (error) {
      console.error(`[referee] ingest: ${logWords(error)}`);
      await wake.wait(1_000, signal);
    }
  }
  wake.close();
}

async function work(ctx: RefereeContext, row: Claimed, holder: string, stop: AbortSignal): Promise<void> {
  const lease = new Lease(ctx.db, row, holder);
  const leave = async (state: string, more: { error?: string; decision?: Decision; items?: ErrorItem[] } = {}) => {
    const report = more.items?.length
      ? JSON.stringify({ problems: { total: more.items.length, first: more.items } })
      : null;
    const decision = more.decision ? JSON.stringify(more.decision) : null;
    await ctx.db.pool.query(LEAVE_DATASET, [row.id, holder, state, more.error ?? null, decision, report]);
    await notify(ctx.db.pool, { topic: 'dataset', id: row.id, projectId: row.projectId });
  };
  const signal = AbortSignal.any([lease.signal, stop]);
  try {
    // Once its sealed part is recorded there is only the way forward: failing would delete it.
    if (row.attempts > MAX_ATTEMPTS && !(await isSplit(ctx, row.id))) {
      await leave('failed', {
        error: `${row.filename} could not be worked on: the referee broke off ${MAX_ATTEMPTS} times; its log has the reason. Upload the file again, or a smaller one.`,
      });
      return;
    }
    const job: Job = {
      datasetId: row.id,
      filename: row.filename,
      path: ctx.blobs.file(uploadKeyOf(row.id)),
      blobs: ctx.blobs,
      signal,
      progress: (stage, done, total) => lease.progress(stage, done, total),
      holdForSorting: (items) => lease.holdForSorting(items),
      done: (stage) => lease.done(stage),
    };
    if (row.state === 'splitting')
      await sealDataset(ctx, job, { ...row, decision: decisionSchema.parse(row.decision) }, holder);
    else await inspectAndLeave(ctx, job, row, leave);
  } catch (error) {
    if (stop.aborted) await ctx.db.pool.query(RELEASE_DATASET, [row.id, holder]);
    else if (lease.signal.aborted) await afterLoss(ctx, row.id);
    else if (!(error instanceof AppError)) throw error;
    else if (row.state === 'splitting') await leave('review', { error: error.message });
    else await leave('failed', { error: error.message, items: error.items });
  } finally {
    await lease.end();
    await sweep(ctx);
  }
}

async function inspectAndLeave(
  ctx: RefereeContext,
  job: Job,
  row: Claimed,
  leave: (state: string, more?: { error?: string; decision?: Decision }) => Promise<void>,
): Promise<void> {
  const report = await inspect(job);
  await ctx.blobs.put(reportKeyOf(row.id), Buffer.from(JSON.stringify(report)));
  const automatic = automaticSchema.safeParse(row.decision);
  if (!automatic.success) return leave('review');
  const decision = { ...proposedDecision(report), drop: automatic.data.drop };
  try {
    checkDecision(report, decision);
  } catch (error) {
    if (error instanceof AppError) return leave('review', { error: error.message });
    throw error;
  }
  return leave('confirmed', { decision });
}

/** Files of uploads that failed or were cancelled go, also when the process ended before it could delete them. */
async function sweep(ctx: RefereeContext): Promise<void> {
  await ctx.db.pool.query(CANCEL_ABANDONED);
  const { rows } = await ctx.db.pool.query<{ id: string; projectId: string }>(ENDED_WITH_FILES);
  for (const { id, projectId } of rows) {
    await deleteFiles(ctx, id);
    await ctx.db.pool.query('UPDATE "Dataset" SET "uploadKey" = NULL WHERE id = $1', [id]);
    await notify(ctx.db.pool, { topic: 'dataset', id, projectId });
  }
}

async function deleteFiles(ctx: RefereeContext, id: string): Promise<void> {
  await deletePlaintext(ctx.blobs, ctx.dataDir, id);
  await deleteResults(ctx.blobs, id);
}

/** A job that was cancelled may have written a file after the sweep: it cleans up behind itself. */
async function afterLoss(ctx: RefereeContext, id: string): Promise<void> {
  const row = await ctx.db.prisma.dataset.findUnique({ where: { id }, select: { state: true } });
  if (!row || row.state === 'cancelled' || row.state === 'failed') await deleteFiles(ctx, id);
}
