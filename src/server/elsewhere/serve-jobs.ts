import { readFileSync, writeFileSync } from 'node:fs';
import { type ErrorMessage, toMessage } from './error-message.ts';

/** Work that would keep the web process from answering others. `upload` reads the file that came with it. */
export type Job<I> = (input: I, upload: () => Buffer) => Promise<Made>;

export interface Made {
  /** plain data, small */
  answer?: unknown;
  content: Uint8Array;
}

/** What the web process sends, and what it is sent. */
export interface Order {
  job: string;
  input: unknown;
}
export type Reply = { answer: unknown; error?: undefined } | { error: ErrorMessage };

/** Places in the `stdio` of run-in-child.ts. */
const CONTENT = 4;
const UPLOAD = 5;

/** In a process of runInChild: does the one job that it is sent, and ends. */
// biome-ignore lint/suspicious/noExplicitAny: each job has an input of its own, which `elsewhere` holds its callers to
export function serveJobs(jobs: Record<string, () => Promise<Job<any>>>): void {
  endFirst();
  // Ctrl-C reaches the whole process group; whoever asked decides when this process ends, and it never outlives them.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});
  process.on('disconnect', () => process.exit(1));
  process.once('message', async (order: Order) => {
    process.send!(await replyTo(jobs, order), () => process.exit(0));
  });
}

/** Where memory runs out the kernel ends this process, not one that serves many people. */
function endFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Where the kernel can't be told, it chooses by size, and this one is the largest as a rule.
  }
}

async function replyTo(jobs: Parameters<typeof serveJobs>[0], { job, input }: Order): Promise<Reply> {
  try {
    const work = await jobs[job]!();
    const { answer, content } = await work(input, () => readFileSync(UPLOAD));
    writeFileSync(CONTENT, content);
    return { answer };
  } catch (error) {
    return { error: toMessage(error) };
  }
}
