import { fork } from 'node:child_process';
import path from 'node:path';
import { AppError } from '#core/errors.ts';
import { type TestResult, testResultSchema } from '#core/seal/result.ts';
import type { ScoreJob } from './score-job.ts';

export type ScoreReply = { ok: true; result: TestResult } | { ok: false; message: string };

/** Scores one job elsewhere; `signal` ends it. Throws AppError with words for the team. */
export type Scorer = (job: ScoreJob, signal: AbortSignal) => Promise<TestResult>;

/** Scores in a child process: a crash of the engine can't take the referee with it, and its memory ends with it. */
export const forkScorer: Scorer = (job, signal) =>
  new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'score-child.ts'), {
      serialization: 'advanced',
      signal,
      killSignal: 'SIGKILL',
    });
    let reply: ScoreReply | undefined;
    child.once('message', (message) => {
      reply = message as ScoreReply;
    });
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      if (reply?.ok) return resolve(testResultSchema.parse(reply.result));
      const ended = killedBy ? `was ended by ${killedBy}` : `ended with code ${code}`;
      reject(
        new AppError(
          'unavailable',
          reply?.message ?? `The scoring process ${ended}. The referee tries again by itself.`,
        ),
      );
    });
    child.send(job, (error) => {
      if (error) reject(error);
    });
  });
