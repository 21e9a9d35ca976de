import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Jobs } from './child.ts';
import { queue } from './queue.ts';
import { type Done, runInChild } from './run-in-child.ts';

type JobOf<K extends keyof Jobs> = Awaited<ReturnType<Jobs[K]>>;
type InputOf<K extends keyof Jobs> = Parameters<JobOf<K>>[0];
type AnswerOf<K extends keyof Jobs> = Awaited<ReturnType<JobOf<K>>>['answer'];

/** From the root of the repository, where every process starts: Next moves this file into a bundle. */
const CHILD = path.join(/* turbopackIgnore: true */ process.cwd(), 'src/server/elsewhere/child.ts');

/** A model takes five times its file while it is converted, the largest 1.3 GB. */
const AT_ONCE = 2;
/** A class that asks at the same time; the last of them waits about a minute. */
const MOST_WAITING = 32;
const inQueue = queue(AT_ONCE, MOST_WAITING);

/**
 * Does a job of child.ts in a process of its own, so that this one goes on answering; `signal` ends it.
 * @throws what the job throws; AppError unavailable where its process ends early, too_many where too many wait
 */
export function elsewhere<K extends keyof Jobs>(
  job: K,
  input: InputOf<K>,
  options: { signal: AbortSignal; upload?: FileHandle },
): Promise<Done & { answer: AnswerOf<K> }> {
  const work = () => runInChild(CHILD, { job, input }, options) as Promise<Done & { answer: AnswerOf<K> }>;
  return inQueue(work, options.signal);
}
