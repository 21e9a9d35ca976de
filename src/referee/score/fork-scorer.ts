import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { testResultSchema } from '#core/seal/result.ts';
import { sourceOverlapSchema } from '#core/transfer/overlap.ts';
import type { Score, ScoreJob } from './score-job.ts';

export type ScoreReply = { ok: true; score: Score } | { ok: false; message: string };

/** Scores one job elsewhere; `signal` ends it. Throws AppError with words for the team. */
export type Scorer = (job: ScoreJob, signal: AbortSignal) => Promise<Score>;

const scoreSchema = z.object({ result: testResultSchema, overlaps: z.array(sourceOverlapSchema) });

/** What a library that doesn't fit the machine dies of; anything else was somebody's wish. */
const CRASHES: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGABRT', 'SIGFPE']);

/**
 * Scores in a child process: a crash of the engine can't take the referee with it, and its memory ends with it.
 * Where TensorFlow's library crashes on this machine, the fallback engine scores.
 */
export const forkScorer: Scorer = async (job, signal) => {
  let end = await scoreInChild(job, signal);
  if (end.crash && !signal.aborted && job.engine.prefer !== 'wasm')
    end = await scoreInChild({ ...job, engine: { ...job.engine, prefer: 'wasm' } }, signal);
  if (end.reply?.ok) return scoreSchema.parse(end.reply.score);
  throw new AppError(
    'unavailable',
    end.reply?.message ?? 'The scoring process ended before it had a result. The referee tries again by itself.',
  );
};

function scoreInChild(job: ScoreJob, signal: AbortSignal): Promise<{ reply?: ScoreReply; crash: boolean }> {
  return new Promise((resolve, reject) => {
    const file = path.join(import.meta.dirname, 'score-child.ts');
    const child = fork(file, {
      // Not the referee's own: what it preloads to follow its supervisor would end this process too early.
      execArgv: ['--disable-warning=DEP0044'],
      serialization: 'advanced',
      signal,
      killSignal: 'SIGKILL',
    });
    let reply: ScoreReply | undefined;
    child.once('message', (message) => {
      reply = message as ScoreReply;
    });
    child.once('error', reject);
    child.once('exit', (_, killedBy) => resolve({ ...(reply && { reply }), crash: !reply && CRASHES.has(killedBy) }));
    child.send(job, (error) => {
      if (error) reject(error);
    });
  });
}
