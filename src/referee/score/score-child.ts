import { AppError } from '#core/errors.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { openEngine } from '#engine/open-engine.ts';
import { openRefereeKey } from '../seal/referee-key.ts';
import type { ScoreReply } from './fork-scorer.ts';
import { runScoreJob, type ScoreJob } from './score-job.ts';

/** A process that scores one job and ends. Plain text, items and labels live and die in it; only the result leaves. */

// Ctrl-C reaches the whole process group; the referee decides when this one ends.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});
process.on('disconnect', () => process.exit(1));
process.once('message', async (job: ScoreJob) => {
  process.send?.(await reply(job), () => process.disconnect());
});

async function reply(job: ScoreJob): Promise<ScoreReply> {
  try {
    const key = await openRefereeKey(job.dataDir, false);
    const engine = await openEngine(job.engine);
    try {
      return { ok: true, score: await runScoreJob(engine, openBlobs(job.dataDir), key, job) };
    } finally {
      await engine.close();
    }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message };
    // An unknown error's words may quote what it stumbled on, a label for one: only its kind and place go to the log.
    const where =
      error instanceof Error
        ? error.stack
            ?.split('\n')
            .filter((line) => /^\s+at /.test(line))
            .join('\n')
        : '';
    console.error(`Scoring broke: ${error instanceof Error ? error.name : 'unknown error'}\n${where}`);
    return { ok: false, message: 'Scoring broke; the place is in the log of the referee. It tries again by itself.' };
  }
}
