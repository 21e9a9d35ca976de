import { type ChildProcess, fork } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '#core/errors.ts';
import { fromMessage } from './error-message.ts';
import { namelessFile } from './nameless-file.ts';
import type { Order, Reply } from './serve-jobs.ts';

export interface Done {
  answer: unknown;
  /** what the job made; read it to its end or destroy it */
  content: Readable;
  /** of `content` */
  bytes: number;
}

/**
 * Does one job in a process of its own, whose file calls `serveJobs`, and which ends with it: a crash takes nothing else along,
 * and where memory runs out it is that process's. What is large goes through files without a name, never through this
 * process's memory.
 * @param upload what the job reads; the caller closes it
 * @throws what the job throws; AppError unavailable where its process ends before; the signal's reason once that aborts
 */
export async function runInChild(
  file: string,
  order: Order,
  { signal, upload }: { signal: AbortSignal; upload?: FileHandle | undefined },
): Promise<Done> {
  const made = await namelessFile();
  try {
    signal.throwIfAborted();
    const child = fork(file, {
      // Numbers and files lie beside the heap: what fills this much is a file that is all text.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=1024'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', made.fd, upload?.fd ?? 'ignore'],
    });
    const reply = await replyOf(child, order, signal);
    if (reply.error) throw fromMessage(reply.error);
    const { size } = await made.stat();
    return { answer: reply.answer, content: made.createReadStream({ start: 0, highWaterMark: 1 << 18 }), bytes: size };
  } catch (error) {
    await made.close();
    throw error;
  }
}

/** Settles once the process has ended. */
function replyOf(child: ChildProcess, order: Order, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    let reply: Reply | undefined;
    child.once('message', (message) => {
      reply = message as Reply;
    });
    child.once('error', reject);
    child.once('close', (exit, killedBy) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else if (reply) resolve(reply);
      else
        reject(
          new AppError(
            'unavailable',
            'The process that the server began for this ended before it was done, most likely because memory ran out. Nothing was kept. Try again, or with a smaller file.',
            { details: { job: order.job, exit, killedBy } },
          ),
        );
    });
    // A process that ended before it read its order says so by its end.
    child.send(order, () => {});
  });
}
